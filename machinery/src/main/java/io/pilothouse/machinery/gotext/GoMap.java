package io.pilothouse.machinery.gotext;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeSet;

/** Trees as Go prints them with the %v verb: {@code map[a:1 b:[x y]]}. Stateless. */
public final class GoMap {
    private GoMap() {}

    public static String print(JsonNode node) {
        var out = new StringBuilder();
        write(node, out);
        return out.toString();
    }

    private static void write(JsonNode node, StringBuilder out) {
        switch (node.getNodeType()) {
            case OBJECT -> {
                out.append("map[");
                var keys = new TreeSet<String>();
                node.fieldNames().forEachRemaining(keys::add);
                boolean first = true;
                for (String key : keys) {
                    out.append(first ? "" : " ").append(key).append(':');
                    write(node.path(key), out);
                    first = false;
                }
                out.append(']');
            }
            case ARRAY -> {
                out.append('[');
                for (int i = 0; i < node.size(); i++) {
                    out.append(i == 0 ? "" : " ");
                    write(node.get(i), out);
                }
                out.append(']');
            }
            case NULL, MISSING -> out.append("<nil>");
            case NUMBER -> out.append(node.isFloatingPointNumber() ? GoText.print(node.doubleValue()) : node.asText());
            default -> out.append(node.asText());
        }
    }
}
