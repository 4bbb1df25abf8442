package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.schema.Kind;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.Optional;

/** Why a tree does not fit a type, in the words of upstream's converter from maps to structs: what a strategic patch is told. Stateless. */
public final class StructProblems {
    private StructProblems() {}

    /** The first thing that does not fit; empty where none is found. */
    public static Optional<String> find(JsonNode node, TypeSchema type) {
        if (node.isNull()) {
            return Optional.empty();
        }
        return switch (type.kind()) {
            case OBJECT -> object(node, type);
            case MAP ->
                node.isObject() ? first(node, type.element()) : Optional.of("cannot restore map from " + goKind(node));
            case LIST ->
                node.isArray() ? first(node, type.element()) : Optional.of("cannot restore slice from " + goKind(node));
            case STRING, BOOLEAN, INT32, INT64, DOUBLE -> scalar(node, type.kind());
            default -> Optional.empty();
        };
    }

    private static Optional<String> object(JsonNode node, TypeSchema type) {
        if (!node.isObject()) {
            return Optional.of("cannot restore struct from: " + goKind(node));
        }
        for (var field : type.fields()) {
            var value = node.get(field.name());
            var problem = value == null ? Optional.<String>empty() : find(value, field.type());
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> first(JsonNode container, TypeSchema element) {
        for (JsonNode value : container) {
            var problem = find(value, element);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> scalar(JsonNode node, Kind kind) {
        boolean fits = switch (kind) {
            case STRING -> node.isTextual();
            case BOOLEAN -> node.isBoolean();
            case DOUBLE -> node.isNumber();
            default -> node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue());
        };
        if (fits) {
            return Optional.empty();
        }
        boolean convertible =
                node.isNumber() && (kind != Kind.STRING || node.isIntegralNumber()) && kind != Kind.BOOLEAN;
        return Optional.of(
                convertible
                        ? "cannot convert " + goKind(node) + " to " + kind.goName()
                        : "unrecognized type: " + kind.goName());
    }

    private static String goKind(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "map";
            case ARRAY -> "slice";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            default -> node.isIntegralNumber() ? "int64" : "float64";
        };
    }
}
