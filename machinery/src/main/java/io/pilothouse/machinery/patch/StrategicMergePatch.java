package io.pilothouse.machinery.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Strategic merge patches: lists merge by the keys that the schema declares, and directives in the patch ({@code $patch},
 * {@code $retainKeys}, {@code $setElementOrder/…}, {@code $deleteFromPrimitiveList/…}) say more. What upstream answers with 500 is a
 * Status of 500 here too. Stateless.
 */
public final class StrategicMergePatch {
    static final String DIRECTIVE = "$patch";
    private static final String RETAIN_KEYS = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    private StrategicMergePatch() {}

    /** Parses a patch, which must be an object or null; fails with a 400 Status. */
    public static Document parse(byte[] body) {
        try {
            Document document = Json.parse(body);
            if (document.root().isNull()) {
                return new Document(JsonNodeFactory.instance.objectNode(), List.of());
            }
            if (!document.root().isObject()) {
                throw new DecodeException("json: cannot unmarshal " + JsonPatch.typeName(document.root())
                        + " into Go value of type map[string]interface {}");
            }
            return document;
        } catch (DecodeException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** The patched object, a new tree; fails with a Status. */
    public static ObjectNode apply(ObjectNode original, ObjectNode patch, TypeSchema type) {
        return object(original.deepCopy(), patch.deepCopy(), type);
    }

    /** Merges a patch that is used up into an original that is changed. */
    static ObjectNode object(ObjectNode original, ObjectNode patch, @Nullable TypeSchema type) {
        JsonNode directive = patch.get(DIRECTIVE);
        if (directive != null) {
            patch.remove(DIRECTIVE);
            return switch (directive.asText()) {
                case "replace" -> patch;
                case "delete" -> JsonNodeFactory.instance.objectNode();
                default -> {
                    patch.set(DIRECTIVE, directive);
                    throw unknownDirective(directive, patch);
                }
            };
        }
        retainKeys(original, patch);
        List.copyOf(patch.properties()).stream()
                .filter(e -> e.getKey().startsWith(ORDER))
                .forEach(e -> order(original, patch, e.getKey(), e.getValue(), type));
        for (var e : List.copyOf(patch.properties())) {
            member(original, e.getKey(), e.getValue(), type);
        }
        return original;
    }

    private static void retainKeys(ObjectNode original, ObjectNode patch) {
        JsonNode keys = patch.remove(RETAIN_KEYS);
        if (keys == null) {
            return;
        }
        List<String> kept = new ArrayList<>();
        keys.forEach(k -> kept.add(k.asText()));
        boolean wrong = patch.properties().stream()
                .anyMatch(e -> !e.getValue().isNull()
                        && !e.getKey().startsWith(DELETE)
                        && !e.getKey().startsWith(ORDER)
                        && !kept.contains(e.getKey()));
        if (!keys.isArray() || wrong) {
            throw StatusException.badRequest("invalid patch format of retainKeys");
        }
        original.retain(kept);
    }

    /** Merges a list whose order the patch gives; the list's own member of the patch is used up. */
    private static void order(
            ObjectNode original, ObjectNode patch, String directive, JsonNode wanted, @Nullable TypeSchema type) {
        patch.remove(directive);
        String name = directive.substring(ORDER.length());
        if (!wanted.isArray()) {
            throw failed("invalid patch format of setElementOrder list");
        }
        JsonNode live = original.get(name);
        JsonNode changes = patch.remove(name);
        FieldSchema field = field(type, name);
        StrategicList list = new StrategicList(field);
        list.checkOrder(changes, (ArrayNode) wanted);
        if (live == null && changes == null) {
            return;
        }
        ArrayNode merged;
        if (changes == null) {
            merged = array(live);
        } else if (live == null) {
            merged = array(withoutDirectives(changes));
        } else {
            merged = isMerged(field) ? list.merge(array(live), array(changes)) : array(changes);
        }
        original.set(
                name,
                list.ordered(
                        merged, (ArrayNode) wanted, live == null ? JsonNodeFactory.instance.arrayNode() : array(live)));
    }

    private static ArrayNode array(@Nullable JsonNode node) {
        if (node instanceof ArrayNode array) {
            return array;
        }
        throw failed("expected a []interface {}, but received a " + (node == null ? "nil" : JsonPatch.typeName(node)));
    }

    private static void member(ObjectNode original, String key, JsonNode value, @Nullable TypeSchema type) {
        boolean deletes = key.startsWith(DELETE);
        String name = deletes ? key.substring(DELETE.length()) : key;
        if (value.isNull()) {
            original.remove(name);
            return;
        }
        JsonNode live = original.get(name);
        if (live == null || live.getNodeType() != value.getNodeType()) {
            if (!deletes) {
                take(original, name, withoutNulls(value));
            }
            return;
        }
        FieldSchema field = field(type, name);
        if (live instanceof ObjectNode object) {
            boolean replaces = field != null && field.patchStrategies().contains("replace");
            original.set(name, replaces ? value : object(object, (ObjectNode) value, inner(type, field)));
        } else if (live instanceof ArrayNode list) {
            StrategicList merger = new StrategicList(field);
            if (deletes) {
                original.set(name, merger.delete(list, (ArrayNode) value));
            } else {
                original.set(name, isMerged(field) ? merger.merge(list, (ArrayNode) value) : value);
            }
        } else {
            original.set(name, value);
        }
    }

    private static void take(ObjectNode original, String name, JsonNode value) {
        JsonNode kept = withoutDirectives(value);
        if (kept == null) {
            original.remove(name);
        } else {
            original.set(name, kept);
        }
    }

    private static boolean isMerged(@Nullable FieldSchema field) {
        return field != null && field.patchStrategies().contains("merge");
    }

    private static @Nullable FieldSchema field(@Nullable TypeSchema type, String name) {
        return type != null && type.kind() == Kind.OBJECT ? type.field(name) : null;
    }

    private static @Nullable TypeSchema inner(@Nullable TypeSchema type, @Nullable FieldSchema field) {
        if (field != null) {
            return field.type();
        }
        return type != null && type.kind() == Kind.MAP ? type.element() : null;
    }

    private static JsonNode withoutNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.removeIf(JsonNode::isNull);
        }
        value.forEach(StrategicMergePatch::withoutNulls);
        return value;
    }

    /** The value with no directives in it; null where it is nothing but one. */
    static @Nullable JsonNode withoutDirectives(JsonNode value) {
        if (value instanceof ObjectNode object) {
            if (object.has(DIRECTIVE)) {
                return null;
            }
            for (var e : List.copyOf(object.properties())) {
                if (e.getKey().equals(RETAIN_KEYS)
                        || e.getKey().startsWith(ORDER)
                        || e.getKey().startsWith(DELETE)) {
                    object.remove(e.getKey());
                } else if (withoutDirectives(e.getValue()) == null) {
                    object.remove(e.getKey());
                }
            }
        } else if (value instanceof ArrayNode list) {
            for (int i = list.size() - 1; i >= 0; i--) {
                if (withoutDirectives(list.get(i)) == null) {
                    list.remove(i);
                }
            }
        }
        return value;
    }

    static StatusException unknownDirective(JsonNode directive, JsonNode patch) {
        return failed("unknown patch type: " + directive.asText() + " in map: " + print(patch));
    }

    static StatusException failed(String message) {
        return StatusException.of(500, "", message);
    }

    /** A tree as Go's %v prints it. */
    static String print(JsonNode node) {
        if (node.isObject()) {
            return node.properties().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .map(e -> e.getKey() + ":" + print(e.getValue()))
                    .collect(java.util.stream.Collectors.joining(" ", "map[", "]"));
        }
        if (node.getNodeType() == JsonNodeType.ARRAY) {
            List<String> elements = new ArrayList<>();
            node.forEach(e -> elements.add(print(e)));
            return "[" + String.join(" ", elements) + "]";
        }
        return node.isNull() ? "<nil>" : node.asText();
    }
}
