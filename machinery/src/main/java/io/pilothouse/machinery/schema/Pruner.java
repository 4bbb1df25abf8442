package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Drops what a structural schema does not declare, drops nulls that may not be, and fills in defaults. Changes the tree it is given. */
final class Pruner {
    private static final Set<String> RESOURCE_FIELDS = Set.of("apiVersion", "kind", "metadata");

    private final List<String> dropped = new ArrayList<>();

    /** Drops undeclared fields; answers their paths, such as {@code spec.list[0].x}. */
    static List<String> prune(ObjectNode object, Structural schema) {
        Pruner pruner = new Pruner();
        pruner.visit(object, schema, FieldPath.ROOT, true);
        return pruner.dropped;
    }

    private void visit(JsonNode value, @Nullable Structural schema, FieldPath path, boolean resource) {
        if (schema == null) {
            return;
        }
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                Structural items = schema.items();
                visit(list.get(i), items, path.index(i), items != null && items.embedded());
            }
        } else if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> e : List.copyOf(object.properties())) {
                member(object, e.getKey(), e.getValue(), schema, path.child(e.getKey()), resource);
            }
        }
    }

    private void member(
            ObjectNode object, String name, JsonNode value, Structural schema, FieldPath path, boolean resource) {
        if (resource && RESOURCE_FIELDS.contains(name)) {
            return;
        }
        Structural member = schema.member(name);
        if (member != null) {
            visit(value, member, path, member.embedded());
        } else if (!schema.preservesUnknown() && !schema.additionalAllowed()) {
            object.remove(name);
            dropped.add(path.toString());
        }
    }

    /** Drops nulls of fields that are not nullable and have no default. */
    static void dropNulls(JsonNode value, @Nullable Structural schema) {
        if (schema == null) {
            return;
        }
        if (value instanceof ArrayNode list) {
            list.forEach(e -> dropNulls(e, schema.items()));
        } else if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> e : List.copyOf(object.properties())) {
                Structural member = schema.member(e.getKey());
                if (member != null && e.getValue().isNull() && !member.nullable() && member.defaultValue() == null) {
                    object.remove(e.getKey());
                } else {
                    dropNulls(e.getValue(), member);
                }
            }
        }
    }

    /** Fills in defaults, also where a null stands that may not be. */
    static void applyDefaults(JsonNode value, @Nullable Structural schema) {
        if (schema == null) {
            return;
        }
        if (value instanceof ArrayNode list) {
            for (int i = 0; i < list.size(); i++) {
                list.set(i, replaced(list.get(i), schema.items()));
                applyDefaults(list.get(i), schema.items());
            }
        } else if (value instanceof ObjectNode object) {
            schema.properties().forEach((name, property) -> {
                if (!object.has(name) && property.defaultValue() != null) {
                    object.set(name, property.defaultValue().deepCopy());
                }
            });
            for (Map.Entry<String, JsonNode> e : List.copyOf(object.properties())) {
                Structural member = schema.member(e.getKey());
                object.set(e.getKey(), replaced(e.getValue(), member));
                applyDefaults(object.path(e.getKey()), member);
            }
        }
    }

    private static JsonNode replaced(JsonNode value, @Nullable Structural schema) {
        if (schema == null || !value.isNull() || schema.nullable() || schema.defaultValue() == null) {
            return value instanceof NullNode ? NullNode.instance : value;
        }
        return schema.defaultValue().deepCopy();
    }
}
