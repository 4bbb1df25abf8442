package io.pilothouse.apiserver.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks for fields of a configuration file that nobody reads: they stop the start. */
public final class UnknownFields {
    private UnknownFields() {}

    /**
     * Adds a line for each.
     *
     * @param kind the path of the node's fields, without places in lists; empty for the file itself
     * @param path where the node stands, for the lines
     * @param known the fields by their kind; of what is not in it everything is let pass
     */
    public static void look(
            JsonNode node, String kind, String path, Map<String, Set<String>> known, List<String> unknown) {
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                look(node.get(i), kind, path + "[" + i + "]", known, unknown);
            }
            return;
        }
        var fields = known.get(kind);
        if (fields == null) {
            return;
        }
        for (var entry : node.properties()) {
            String at = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            if (fields.contains(entry.getKey())) {
                look(
                        entry.getValue(),
                        kind.isEmpty() ? entry.getKey() : kind + "." + entry.getKey(),
                        at,
                        known,
                        unknown);
            } else {
                unknown.add("unknown field \"" + at + "\"");
            }
        }
    }
}
