package io.pilothouse.machinery.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges and orders one list of a strategic merge patch: scalars by value, objects by their merge key. */
final class StrategicList {
    private final String mergeKey;
    private final @Nullable TypeSchema element;

    StrategicList(@Nullable FieldSchema field) {
        mergeKey = field == null ? "" : field.mergeKey();
        element =
                field != null && field.type().kind() == Kind.LIST ? field.type().element() : null;
    }

    /** What is left of a list of scalars. */
    ArrayNode delete(ArrayNode live, ArrayNode deleted) {
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        live.forEach(e -> {
            if (indexOf(deleted, e, "") < 0) {
                out.add(e);
            }
        });
        return out;
    }

    ArrayNode merge(ArrayNode live, ArrayNode patch) {
        if (live.isEmpty() && patch.isEmpty()) {
            return live;
        }
        if (!sameTypes(live, patch)) {
            throw StrategicMergePatch.failed("list element types are not identical: [" + StrategicMergePatch.print(live)
                    + " " + StrategicMergePatch.print(patch) + "]");
        }
        JsonNode first = live.isEmpty() ? patch.get(0) : live.get(0);
        if (!first.isObject()) {
            ArrayNode both = JsonNodeFactory.instance.arrayNode();
            live.forEach(e -> addOnce(both, e));
            patch.forEach(e -> addOnce(both, e));
            return ordered(both, patch, live);
        }
        if (mergeKey.isEmpty()) {
            throw StrategicMergePatch.failed(
                    "cannot merge lists without merge key for " + (element == null ? "" : element.shortName()));
        }
        ArrayNode kept = live.deepCopy();
        ArrayNode changes = JsonNodeFactory.instance.arrayNode();
        if (directives(kept, patch, changes)) {
            return changes;
        }
        ArrayNode merged = kept.deepCopy();
        for (JsonNode change : changes) {
            int at = indexOf(merged, key(change));
            if (at >= 0) {
                merged.set(
                        at,
                        StrategicMergePatch.object(
                                (ObjectNode) merged.get(at), (ObjectNode) change.deepCopy(), element));
            } else {
                merged.add(change);
            }
        }
        return ordered(merged, changes, kept);
    }

    /** Carries out the deletions in the patch and collects its other elements; answers whether they replace the whole list. */
    private boolean directives(ArrayNode kept, ArrayNode patch, ArrayNode changes) {
        boolean replace = false;
        for (JsonNode change : patch) {
            JsonNode directive = change.get(StrategicMergePatch.DIRECTIVE);
            if (directive == null) {
                changes.add(change);
                continue;
            }
            switch (directive.asText()) {
                case "delete" -> {
                    for (int at = indexOf(kept, key(change)); at >= 0; at = indexOf(kept, key(change))) {
                        kept.remove(at);
                    }
                }
                case "replace" -> replace = true;
                case "merge" -> throw StrategicMergePatch.failed("merging lists cannot yet be specified in the patch");
                default -> throw StrategicMergePatch.unknownDirective(directive, change);
            }
        }
        return replace;
    }

    private static void addOnce(ArrayNode list, JsonNode value) {
        if (indexOf(list, value, "") < 0) {
            list.add(value);
        }
    }

    private static boolean sameTypes(ArrayNode a, ArrayNode b) {
        @Nullable JsonNode first = a.isEmpty() ? b.get(0) : a.get(0);
        for (ArrayNode list : List.of(a, b)) {
            for (JsonNode e : list) {
                if (first != null && e.getNodeType() != first.getNodeType()) {
                    return false;
                }
            }
        }
        return true;
    }

    private JsonNode key(JsonNode object) {
        JsonNode key = object.get(mergeKey);
        if (key == null) {
            throw StrategicMergePatch.failed(
                    "map: " + StrategicMergePatch.print(object) + " does not contain declared merge key: " + mergeKey);
        }
        return key;
    }

    private int indexOf(ArrayNode list, JsonNode key) {
        return indexOf(list, key, mergeKey);
    }

    private static int indexOf(ArrayNode list, JsonNode value, String mergeKey) {
        for (int i = 0; i < list.size(); i++) {
            JsonNode element = list.get(i);
            JsonNode found = mergeKey.isEmpty() ? element : element.get(mergeKey);
            if (found != null
                    && (found.equals(value)
                            || (found.isIntegralNumber()
                                    && value.isIntegralNumber()
                                    && found.longValue() == value.longValue()))) {
                return i;
            }
        }
        return -1;
    }

    private int place(ArrayNode list, JsonNode element) {
        return mergeKey.isEmpty() || !element.isObject() ? indexOf(list, element, "") : indexOf(list, key(element));
    }

    /** The elements that the patch names in the patch's order, the others in the live order, woven so that the live order holds. */
    ArrayNode ordered(ArrayNode merged, ArrayNode patchOrder, ArrayNode liveOrder) {
        List<JsonNode> named = new ArrayList<>();
        List<JsonNode> others = new ArrayList<>();
        merged.forEach(e -> (place(patchOrder, e) >= 0 ? named : others).add(e));
        named.sort(Comparator.comparingInt(e -> place(patchOrder, e)));
        others.sort(Comparator.comparingInt(e -> place(liveOrder, e)));
        ArrayNode out = JsonNodeFactory.instance.arrayNode(merged.size());
        int i = 0;
        int j = 0;
        while (i < others.size() || j < named.size()) {
            boolean other =
                    j >= named.size() || (i < others.size() && isBefore(liveOrder, others.get(i), named.get(j)));
            out.add(other ? others.get(i++) : named.get(j++));
        }
        return out;
    }

    private boolean isBefore(ArrayNode order, JsonNode a, JsonNode b) {
        int left = place(order, a);
        int right = place(order, b);
        return left >= 0 && right >= 0 && left < right;
    }

    /** The patch's elements must all stand in the order that it asks for, in that order. */
    void checkOrder(@Nullable JsonNode patch, ArrayNode wanted) {
        if (patch == null || wanted.isEmpty()) {
            return;
        }
        int at = 0;
        for (JsonNode element : patch) {
            if (element.has(StrategicMergePatch.DIRECTIVE)) {
                continue;
            }
            while (at < wanted.size()
                    && place(JsonNodeFactory.instance.arrayNode().add(wanted.get(at)), element) < 0) {
                at++;
            }
            if (at++ >= wanted.size()) {
                throw StrategicMergePatch.failed("The order in patch list:\n" + StrategicMergePatch.print(patch)
                        + "\n doesn't match $setElementOrder list:\n" + StrategicMergePatch.print(wanted) + "\n");
            }
        }
    }
}
