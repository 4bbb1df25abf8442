package io.pilothouse.machinery.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a request that returns no object (meta/v1 Status). Empty strings are absent fields.
 *
 * @param status {@code Success} or {@code Failure}
 * @param code the HTTP status
 * @param continueToken where a list that failed can go on
 */
public record Status(
        String status,
        String message,
        String reason,
        @Nullable Details details,
        int code,
        String continueToken) {

    public Status(String status, String message, String reason, @Nullable Details details, int code) {
        this(status, message, reason, details, code, "");
    }

    /** What the message is about. A number of 0 and empty strings are absent. */
    public record Details(
            String name, String group, String kind, String uid, List<Cause> causes, int retryAfterSeconds) {
        /** Details that say nothing: they are an empty object, where none at all are absent. */
        public static final Details NONE = new Details("", "", "", "", List.of(), 0);

        public Details {
            causes = List.copyOf(causes);
        }

        public static Details of(String group, String kind, String name) {
            return new Details(name, group, kind, "", List.of(), 0);
        }
    }

    /** One of several mistakes. */
    public record Cause(String reason, String message, String field) {}

    public static Status success(@Nullable Details details) {
        return new Status("Success", "", "", details, 200);
    }

    public static Status failure(int code, String reason, String message, @Nullable Details details) {
        return new Status("Failure", message, reason, details, code);
    }

    /** Reads a Status object; what is absent is empty. */
    public static Status fromNode(JsonNode node) {
        Details details = null;
        JsonNode d = node.get("details");
        if (d != null && d.isObject()) {
            List<Cause> causes = new ArrayList<>();
            d.path("causes")
                    .forEach(c -> causes.add(new Cause(text(c, "reason"), text(c, "message"), text(c, "field"))));
            details = new Details(
                    text(d, "name"),
                    text(d, "group"),
                    text(d, "kind"),
                    text(d, "uid"),
                    causes,
                    d.path("retryAfterSeconds").asInt(0));
        }
        return new Status(
                text(node, "status"),
                text(node, "message"),
                text(node, "reason"),
                details,
                node.path("code").asInt(0),
                text(node.path("metadata"), "continue"));
    }

    public ObjectNode toNode() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("kind", "Status").put("apiVersion", "v1");
        put(node.putObject("metadata"), "continue", continueToken);
        put(node, "status", status);
        put(node, "message", message);
        put(node, "reason", reason);
        if (details != null) {
            node.set("details", detailsNode(details));
        }
        if (code != 0) {
            node.put("code", code);
        }
        return node;
    }

    /** The JSON form, as it is sent. */
    public byte[] toJson() {
        return Json.write(toNode());
    }

    private static ObjectNode detailsNode(Details details) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        put(node, "name", details.name());
        put(node, "group", details.group());
        put(node, "kind", details.kind());
        put(node, "uid", details.uid());
        if (!details.causes().isEmpty()) {
            ArrayNode causes = node.putArray("causes");
            for (Cause cause : details.causes()) {
                ObjectNode c = causes.addObject();
                put(c, "reason", cause.reason());
                put(c, "message", cause.message());
                put(c, "field", cause.field());
            }
        }
        if (details.retryAfterSeconds() != 0) {
            node.put("retryAfterSeconds", details.retryAfterSeconds());
        }
        return node;
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asText("");
    }
}
