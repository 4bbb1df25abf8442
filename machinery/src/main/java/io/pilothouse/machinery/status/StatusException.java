package io.pilothouse.machinery.status;

import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.Status.Cause;
import io.pilothouse.machinery.status.Status.Details;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A failure that the client sees as a Status. The factories give the code, reason, message and details of upstream's api/errors. */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Status status;

    public StatusException(Status status) {
        this(status, null);
    }

    /** A failure with what caused it, for the log; the client sees the status only. */
    public StatusException(Status status, @Nullable Throwable cause) {
        super(status.message(), cause);
        this.status = status;
    }

    public Status status() {
        return status;
    }

    public int code() {
        return status.code();
    }

    public String reason() {
        return status.reason();
    }

    /** The seconds of the Retry-After header, where the answer carries one. */
    public OptionalInt retryAfterSeconds() {
        Details details = status.details();
        return details != null && details.retryAfterSeconds() > 0
                ? OptionalInt.of(details.retryAfterSeconds())
                : OptionalInt.empty();
    }

    public static StatusException of(int code, String reason, String message) {
        return new StatusException(Status.failure(code, reason, message, null));
    }

    public static StatusException notFound(GroupResource resource, String name) {
        return of(404, "NotFound", resource + " " + GoText.quote(name) + " not found", details(resource, name));
    }

    public static StatusException alreadyExists(GroupResource resource, String name) {
        return of(
                409, "AlreadyExists", resource + " " + GoText.quote(name) + " already exists", details(resource, name));
    }

    /** No free name was found for a generateName. */
    public static StatusException generateNameConflict(GroupResource resource, String name, int retryAfterSeconds) {
        String message = resource + " " + GoText.quote(name)
                + " already exists, the server was not able to generate a unique name for the object";
        return of(
                409,
                "AlreadyExists",
                message,
                new Details(name, resource.group(), resource.resource(), "", List.of(), retryAfterSeconds));
    }

    public static StatusException conflict(GroupResource resource, String name, String reason) {
        String message = "Operation cannot be fulfilled on " + resource + " " + GoText.quote(name) + ": " + reason;
        return of(409, "Conflict", message, details(resource, name));
    }

    /** Fields of an apply that others own. */
    public static StatusException applyConflict(List<Cause> causes, String message) {
        return of(409, "Conflict", message, new Details("", "", "", "", causes, 0));
    }

    public static StatusException invalid(GroupKind kind, String name, List<FieldError> errors) {
        List<Cause> causes = errors.stream()
                .map(e -> new Cause(e.type().reason(), e.body(), e.field()))
                .toList();
        String message = kind + " " + GoText.quote(name) + " is invalid"
                + (errors.isEmpty() ? "" : ": " + FieldError.aggregate(errors));
        return of(422, "Invalid", message, new Details(name, kind.group(), kind.kind(), "", causes, 0));
    }

    public static StatusException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    public static StatusException forbidden(GroupResource resource, String name, String reason) {
        String head = resource.resource().isEmpty()
                ? "forbidden: "
                : name.isEmpty()
                        ? resource + " is forbidden: "
                        : resource + " " + GoText.quote(name) + " is forbidden: ";
        return of(403, "Forbidden", head + reason, details(resource, name));
    }

    /** An empty message says "not authorized"; upstream's own filter says "Unauthorized". */
    public static StatusException unauthorized(String message) {
        return of(401, "Unauthorized", message.isEmpty() ? "not authorized" : message);
    }

    public static StatusException methodNotSupported(GroupResource resource, String action) {
        String message = action + " is not supported on resources of kind " + GoText.quote(resource.toString());
        return of(405, "MethodNotAllowed", message, details(resource, ""));
    }

    public static StatusException notAcceptable(List<String> mediaTypes) {
        return of(
                406, "NotAcceptable", "only the following media types are accepted: " + String.join(", ", mediaTypes));
    }

    public static StatusException unsupportedMediaType(List<String> mediaTypes) {
        return of(
                415,
                "UnsupportedMediaType",
                "the body of the request was in an unknown format - accepted media types include: "
                        + String.join(", ", mediaTypes));
    }

    public static StatusException requestEntityTooLarge(String message) {
        return of(413, "RequestEntityTooLarge", "Request entity too large: " + message);
    }

    public static StatusException timeout(String message, int retryAfterSeconds) {
        return of(504, "Timeout", "Timeout: " + message, new Details("", "", "", "", List.of(), retryAfterSeconds));
    }

    public static StatusException serverTimeout(GroupResource resource, String operation, int retryAfterSeconds) {
        String message = "The " + operation + " operation against " + resource
                + " could not be completed at this time, please try again.";
        return of(
                500,
                "ServerTimeout",
                message,
                new Details(operation, resource.group(), resource.resource(), "", List.of(), retryAfterSeconds));
    }

    public static StatusException tooManyRequests(String message, int retryAfterSeconds) {
        return of(429, "TooManyRequests", message, new Details("", "", "", "", List.of(), retryAfterSeconds));
    }

    public static StatusException serviceUnavailable(String message) {
        return of(503, "ServiceUnavailable", message);
    }

    /** The resource version or continue token is too old. */
    public static StatusException resourceExpired(String message) {
        return of(410, "Expired", message);
    }

    public static StatusException gone(String message) {
        return of(410, "Gone", message);
    }

    public static StatusException internalError(String message) {
        return of(
                500,
                "InternalError",
                "Internal error occurred: " + message,
                new Details("", "", "", "", List.of(new Cause("", message, "")), 0));
    }

    /** What a client makes of an answer that is no Status; the server uses it for its own proxies and unknown paths. */
    public static StatusException genericServerResponse(
            int code,
            String verb,
            GroupResource resource,
            String name,
            String serverMessage,
            int retryAfterSeconds,
            boolean unexpected) {
        GenericReply reply = GenericReply.of(code, verb, serverMessage);
        String message = reply.message();
        if (!resource.resource().isEmpty()) {
            message += " (" + verb.toLowerCase(Locale.ROOT) + " " + resource + (name.isEmpty() ? "" : " " + name) + ")";
        }
        List<Cause> causes = unexpected ? List.of(new Cause("UnexpectedServerResponse", serverMessage, "")) : List.of();
        return of(
                code,
                reply.reason(),
                message,
                new Details(name, resource.group(), resource.resource(), "", causes, retryAfterSeconds));
    }

    private static StatusException of(int code, String reason, String message, Details details) {
        return new StatusException(Status.failure(code, reason, message, details));
    }

    private static Details details(GroupResource resource, String name) {
        return Details.of(resource.group(), resource.resource(), name);
    }
}
