package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks an applied object against its schema: undeclared fields, wrong types, elements that stand twice in an associative list. */
final class TypedValidation {
    private final TreeSet<String> errors = new TreeSet<>();

    private TypedValidation() {}

    /** Fails with an {@link ApplyException} that lists every mistake. */
    static void check(JsonNode object, TypeSchema type) {
        TypedValidation validation = new TypedValidation();
        validation.visit(object, type, false, List.of());
        if (validation.errors.size() == 1) {
            throw new ApplyException(validation.errors.first());
        }
        if (!validation.errors.isEmpty()) {
            throw new ApplyException("errors:\n  " + String.join("\n  ", validation.errors));
        }
    }

    private void error(List<PathElement> path, String message) {
        errors.add((path.isEmpty() ? "" : FieldSet.print(path) + ": ") + message);
    }

    private void visit(JsonNode value, TypeSchema type, boolean granular, List<PathElement> path) {
        if (value.isNull()) {
            return;
        }
        switch (type.kind()) {
            case OBJECT, MAP -> {
                if (value.isObject()) {
                    members(value, type, path);
                } else {
                    error(path, "expected map, got &{" + Json.text(value) + "}");
                }
            }
            case LIST -> {
                if (value.isArray()) {
                    elements(value, type, granular, path);
                } else {
                    error(path, "expected list, got &{" + Json.text(value) + "}");
                }
            }
            default -> {
                String wanted = scalar(value, type.kind());
                if (wanted != null) {
                    error(path, wanted);
                }
            }
        }
    }

    private void members(JsonNode value, TypeSchema type, List<PathElement> path) {
        for (Map.Entry<String, JsonNode> e : value.properties()) {
            List<PathElement> inner = Steps.append(path, new PathElement.Field(e.getKey()));
            boolean declared = type.kind() == Kind.MAP || type.preservesUnknown() || type.field(e.getKey()) != null;
            if (declared) {
                visit(e.getValue(), Shape.member(type, e.getKey()), Shape.isGranular(type, e.getKey()), inner);
            } else {
                error(inner, "field not declared in schema");
            }
        }
    }

    private void elements(JsonNode value, TypeSchema type, boolean granular, List<PathElement> path) {
        Shape shape = Shape.of(type, granular, value);
        if (shape == Shape.LEAF) {
            for (int i = 0; i < value.size(); i++) {
                visit(value.get(i), type.element(), false, Steps.append(path, new PathElement.Index(i)));
            }
            return;
        }
        List<PathElement> seen = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            PathElement element;
            try {
                element = ListItems.of(Json.valueOf(List.of(value.get(i))), type, shape, List.of())
                        .order()
                        .getFirst();
            } catch (ApplyException e) {
                error(path, "element " + i + ": " + e.getMessage());
                return;
            }
            if (seen.contains(element)) {
                error(path, "duplicate entries for key " + element);
            }
            seen.add(element);
            visit(value.get(i), type.element(), false, Steps.append(path, element));
        }
    }

    private static @Nullable String scalar(JsonNode value, Kind kind) {
        String got = switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            case BOOLEAN -> "bool";
            case ARRAY -> "[]interface {}";
            default -> "map[string]interface {}";
        };
        return switch (kind) {
            case INT32, INT64, DOUBLE -> value.isNumber() ? null : "expected numeric (int or float), got " + got;
            case STRING, BYTES, TIME, MICRO_TIME ->
                value.isTextual()
                        ? null
                        : "expected string, got &value.valueUnstructured{Value:" + Json.text(value) + "}";
            case BOOLEAN -> value.isBoolean() ? null : "expected boolean, got &{" + Json.text(value) + "}";
            case QUANTITY, INT_OR_STRING ->
                value.isValueNode() ? null : "expected any scalar, got &{" + Json.text(value) + "}";
            default -> null;
        };
    }
}
