package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Looks through the schemas of a definition in its stored form. */
final class SchemaSearch {
    private static final List<String> EXTENSIONS = List.of(
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-list-type",
            "x-kubernetes-list-map-keys",
            "x-kubernetes-validations");

    private SchemaSearch() {}

    /** The schemas of a spec: the common one, or those of the versions. */
    static List<JsonNode> roots(JsonNode spec) {
        var out = new ArrayList<JsonNode>();
        var common = spec.path("validation").path("openAPIV3Schema");
        if (common.isObject()) {
            out.add(common);
        }
        for (var version : spec.path("versions")) {
            var schema = version.path("schema").path("openAPIV3Schema");
            if (schema.isObject()) {
                out.add(schema);
            }
        }
        return out;
    }

    static boolean givenEverywhere(JsonNode spec) {
        if (spec.path("validation").path("openAPIV3Schema").isObject()) {
            return true;
        }
        for (var version : spec.path("versions")) {
            if (!version.path("schema").path("openAPIV3Schema").isObject()) {
                return false;
            }
        }
        return true;
    }

    static boolean usesExtensions(JsonNode spec) {
        return anywhere(
                spec,
                s -> s.path("x-kubernetes-embedded-resource").asBoolean()
                        || s.path("x-kubernetes-int-or-string").asBoolean()
                        || EXTENSIONS.stream().anyMatch(s::has));
    }

    /** Whether a condition holds for any schema of a spec, however deep. */
    static boolean anywhere(JsonNode spec, Predicate<JsonNode> condition) {
        return roots(spec).stream().anyMatch(root -> within(root, condition));
    }

    static boolean within(JsonNode schema, Predicate<JsonNode> condition) {
        if (!schema.isObject()) {
            return false;
        }
        return condition.test(schema) || children(schema).stream().anyMatch(child -> within(child, condition));
    }

    /** The schemas that stand directly in a schema. */
    static List<JsonNode> children(JsonNode schema) {
        var out = new ArrayList<JsonNode>();
        for (String field : List.of("items", "allOf", "anyOf", "oneOf")) {
            var value = schema.path(field);
            if (value.isArray()) {
                value.forEach(out::add);
            } else if (value.isObject()) {
                out.add(value);
            }
        }
        for (String field : List.of("not", "additionalProperties", "additionalItems")) {
            if (schema.path(field).isObject()) {
                out.add(schema.path(field));
            }
        }
        for (String field : List.of("properties", "patternProperties", "definitions", "dependencies")) {
            schema.path(field).forEach(out::add);
        }
        return out;
    }
}
