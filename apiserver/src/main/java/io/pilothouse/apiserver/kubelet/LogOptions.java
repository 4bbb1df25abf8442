package io.pilothouse.apiserver.kubelet;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/** core/v1 PodLogOptions: what of a log is wanted. */
final class LogOptions {
    private static final List<String> PASSED =
            List.of("follow", "previous", "sinceSeconds", "sinceTime", "timestamps", "tailLines", "limitBytes");

    private LogOptions() {}

    /** @throws StatusException 422 with all that is wrong */
    static void check(Query query, String pod) {
        var errors = new ArrayList<FieldError>();
        atLeast(query, "tailLines", 0, "must be greater than or equal to 0", errors);
        atLeast(query, "limitBytes", 1, "must be greater than 0", errors);
        if (query.has("sinceSeconds") && query.has("sinceTime")) {
            errors.add(FieldError.forbidden(
                    FieldPath.ROOT.key(""), "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            atLeast(query, "sinceSeconds", 1, "must be greater than 0", errors);
        }
        if (query.has("stream")) {
            errors.add(FieldError.forbidden(FieldPath.of("stream"), "may not be specified"));
        }
        if (!errors.isEmpty()) {
            throw StatusException.invalid(new GroupKind("", "PodLogOptions"), pod, errors);
        }
    }

    private static void atLeast(Query query, String name, long least, String text, List<FieldError> errors) {
        if (!query.has(name)) {
            return;
        }
        try {
            long value = Long.parseLong(query.first(name));
            if (value < least) {
                errors.add(FieldError.invalid(FieldPath.of(name), value, text));
            }
        } catch (NumberFormatException e) {
            throw StatusException.badRequest("strconv.ParseInt: parsing \"" + query.first(name) + "\": invalid syntax");
        }
    }

    /** The query for the kubelet. */
    static String query(Query query) {
        var out = new StringBuilder();
        for (String name : PASSED) {
            if (query.has(name)) {
                PodConnections.add(out, name, query.first(name));
            }
        }
        return out.toString();
    }
}
