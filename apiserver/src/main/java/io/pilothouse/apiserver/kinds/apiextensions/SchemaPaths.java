package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Follows simple paths ({@code .spec.a}, {@code .spec['a-b']}) through a schema. */
final class SchemaPaths {
    /**
     * Where a path leads.
     *
     * @param problem why it leads nowhere, or null
     */
    record Found(
            JsonNode schema, List<String> steps, @Nullable String problem) {}

    private SchemaPaths() {}

    /** @param brackets whether a field may be named in brackets */
    static Found find(JsonNode schema, String path, boolean brackets) {
        var steps = new ArrayList<String>();
        JsonNode at = schema;
        int i = 0;
        while (i < path.length()) {
            String name;
            if (path.charAt(i) == '.') {
                int end = i + 1;
                while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                    end++;
                }
                name = path.substring(i + 1, end);
                i = end;
            } else if (path.startsWith("['", i) && brackets && path.indexOf("']", i) > 0) {
                int end = path.indexOf("']", i);
                name = path.substring(i + 2, end);
                i = end + 2;
            } else {
                return nowhere(
                        path.charAt(i) == '['
                                ? "array notation is not allowed"
                                : "expected [ or . but got: " + path.substring(i));
            }
            if (name.isEmpty()) {
                return nowhere("unexpected end of JSON path");
            }
            var next = at.path("properties").path(name);
            if (!next.isObject() && at.path("additionalProperties").isObject()) {
                next = at.path("additionalProperties");
            }
            if (!next.isObject()) {
                return nowhere("does not refer to a valid field");
            }
            steps.add(name);
            at = next;
        }
        return new Found(at, steps, null);
    }

    private static Found nowhere(String why) {
        return new Found(MissingNode.getInstance(), List.of(), why);
    }
}
