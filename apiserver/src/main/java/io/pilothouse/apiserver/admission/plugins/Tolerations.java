package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Compares and joins tolerations. */
final class Tolerations {
    private Tolerations() {}

    /** Both lists without those that another one makes needless. */
    static List<JsonNode> merge(JsonNode first, JsonNode second) {
        List<JsonNode> all = new ArrayList<>();
        first.forEach(all::add);
        second.forEach(all::add);
        List<JsonNode> merged = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            var toleration = all.get(i);
            boolean covered = merged.stream().anyMatch(m -> covers(m, toleration))
                    || all.subList(i + 1, all.size()).stream()
                            .anyMatch(later -> !later.equals(toleration) && covers(later, toleration));
            if (!covered) {
                merged.add(toleration);
            }
        }
        return merged;
    }

    /** Whether what a toleration tolerates is tolerated by another one too. */
    static boolean covers(JsonNode wide, JsonNode narrow) {
        if (wide.equals(narrow)) {
            return true;
        }
        String operator = text(wide, "operator");
        boolean everyKey = text(wide, "key").isEmpty() && operator.equals("Exists");
        if (!text(narrow, "key").equals(text(wide, "key")) && !everyKey) {
            return false;
        }
        if (!text(narrow, "effect").equals(text(wide, "effect"))
                && !text(wide, "effect").isEmpty()) {
            return false;
        }
        if (text(wide, "effect").equals("NoExecute")
                && wide.hasNonNull("tolerationSeconds")
                && (!narrow.hasNonNull("tolerationSeconds")
                        || narrow.get("tolerationSeconds").asLong()
                                > wide.get("tolerationSeconds").asLong())) {
            return false;
        }
        return switch (operator) {
            case "Exists" -> true;
            case "", "Equal" ->
                text(narrow, "operator").equals("Equal")
                        && text(narrow, "value").equals(text(wide, "value"));
            default -> false;
        };
    }

    /** Whether two tolerations are for the same taints. */
    static boolean match(JsonNode a, JsonNode b) {
        return text(a, "key").equals(text(b, "key"))
                && text(a, "effect").equals(text(b, "effect"))
                && text(a, "operator").equals(text(b, "operator"))
                && text(a, "value").equals(text(b, "value"));
    }

    private static String text(JsonNode toleration, String field) {
        return toleration.path(field).asText("");
    }
}
