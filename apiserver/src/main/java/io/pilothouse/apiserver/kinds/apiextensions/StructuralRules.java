package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a schema is structural: every field's type is said outside of the logical junctors (allOf, anyOf, oneOf, not), and junctors say
 * nothing but what restricts values.
 */
final class StructuralRules {
    private static final JsonNode INT_OR_STRING = Json.tree("[{\"type\":\"integer\"},{\"type\":\"string\"}]");
    private static final Set<String> NAMES = Set.of("name", "generateName");

    private enum Level {
        ROOT("must not be empty at the root"),
        ITEM("must not be empty for specified array items"),
        FIELD("must not be empty for specified object fields");

        private final String noType;

        Level(String noType) {
            this.noType = noType;
        }
    }

    private final List<FieldError> errors = new ArrayList<>();

    private StructuralRules() {}

    static boolean isStructural(JsonNode schema) {
        return validate(schema, FieldPath.ROOT).isEmpty();
    }

    /** All that is wrong, sorted by text. */
    static List<FieldError> validate(JsonNode schema, FieldPath path) {
        var rules = new StructuralRules();
        rules.invariants(schema, Level.ROOT, path);
        rules.completeness(schema, path);
        rules.errors.sort(Comparator.comparing(FieldError::message));
        return rules.errors;
    }

    private static boolean flag(JsonNode schema, String extension) {
        return schema.path("x-kubernetes-" + extension).asBoolean();
    }

    private void invariants(JsonNode schema, Level level, FieldPath path) {
        if (!schema.isObject()) {
            return;
        }
        if (schema.path("type").asText().equals("array")
                && !schema.path("items").isObject()) {
            errors.add(FieldError.required(path.child("items"), "must be specified"));
        }
        invariants(schema.path("items"), Level.ITEM, path.child("items"));
        schema.path("properties")
                .properties()
                .forEach(e -> invariants(
                        e.getValue(), Level.FIELD, path.child("properties").key(e.getKey())));
        if (schema.has("additionalProperties")) {
            if (level == Level.ROOT) {
                errors.add(FieldError.forbidden(path.child("additionalProperties"), "must not be used at the root"));
            }
            invariants(schema.path("additionalProperties"), Level.FIELD, path.child("additionalProperties"));
        }
        extensions(schema, path);
        boolean anyOf = schema.path("anyOf").equals(INT_OR_STRING);
        boolean allOf = schema.path("allOf").path(0).path("anyOf").equals(INT_OR_STRING);
        values(schema, anyOf, allOf, path);
        type(schema, level, path);
        metadata(schema, level, path);
        if (flag(schema, "embedded-resource")
                && !flag(schema, "preserve-unknown-fields")
                && schema.path("properties").isEmpty()) {
            errors.add(
                    FieldError.required(
                            path.child("properties"),
                            "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields"));
        }
    }

    private void extensions(JsonNode schema, FieldPath path) {
        for (String other : List.of("preserve-unknown-fields", "embedded-resource")) {
            if (flag(schema, "int-or-string") && flag(schema, other)) {
                errors.add(FieldError.invalid(
                        path.child("x-kubernetes-" + other),
                        true,
                        "must be false if x-kubernetes-int-or-string is true"));
            }
        }
    }

    private void type(JsonNode schema, Level level, FieldPath path) {
        String type = schema.path("type").asText();
        boolean embedded = flag(schema, "embedded-resource");
        String wanted = "must be object if x-kubernetes-embedded-resource is true";
        if (embedded && type.isEmpty()) {
            errors.add(FieldError.required(path.child("type"), wanted));
        } else if (embedded && !type.equals("object")) {
            errors.add(FieldError.invalid(path.child("type"), type, wanted));
        } else if (type.isEmpty() && !flag(schema, "int-or-string") && !flag(schema, "preserve-unknown-fields")) {
            errors.add(FieldError.required(path.child("type"), level.noType));
        }
        if (embedded && schema.has("additionalProperties")) {
            errors.add(FieldError.forbidden(
                    path.child("additionalProperties"), "must not be used if x-kubernetes-embedded-resource is set"));
        }
        if (level == Level.ROOT && !type.isEmpty() && !type.equals("object")) {
            errors.add(FieldError.invalid(path.child("type"), type, "must be object at the root"));
        }
    }

    private void metadata(JsonNode schema, Level level, FieldPath path) {
        var properties = schema.path("properties");
        boolean resource = level == Level.ROOT || flag(schema, "embedded-resource");
        for (String field : List.of("kind", "apiVersion")) {
            if (resource
                    && properties.has(field)
                    && !properties.path(field).path("type").asText().equals("string")) {
                errors.add(FieldError.invalid(
                        path.child("properties").key(field).child("type"),
                        properties.path(field).path("type").asText(),
                        "must be string"));
            }
        }
        var metadata = properties.path("metadata");
        if (!metadata.isObject()) {
            return;
        }
        var at = path.child("properties").key("metadata");
        if (resource && !metadata.path("type").asText().equals("object")) {
            errors.add(
                    FieldError.invalid(at.child("type"), metadata.path("type").asText(), "must be object"));
        }
        if (level == Level.ROOT) {
            var fields = new HashSet<String>();
            metadata.fieldNames().forEachRemaining(fields::add);
            fields.removeAll(Set.of("type", "default"));
            var named = new HashSet<String>();
            metadata.path("properties").fieldNames().forEachRemaining(named::add);
            if (NAMES.containsAll(named)) {
                fields.remove("properties");
            }
            if (!fields.isEmpty()) {
                errors.add(
                        FieldError.forbidden(
                                at,
                                "must not specify anything other than name and generateName, but metadata is implicitly specified"));
            }
        }
    }

    private void values(JsonNode schema, boolean skipAnyOf, boolean skipFirstAllOf, FieldPath path) {
        for (int i = 0; !skipAnyOf && i < schema.path("anyOf").size(); i++) {
            nested(schema.path("anyOf").get(i), false, path.child("anyOf").index(i));
        }
        for (int i = 0; i < schema.path("allOf").size(); i++) {
            nested(
                    schema.path("allOf").get(i),
                    skipFirstAllOf && i == 0,
                    path.child("allOf").index(i));
        }
        for (int i = 0; i < schema.path("oneOf").size(); i++) {
            nested(schema.path("oneOf").get(i), false, path.child("oneOf").index(i));
        }
        nested(schema.path("not"), false, path.child("not"));
        String pattern = schema.path("pattern").asText();
        try {
            Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            errors.add(FieldError.invalid(
                    path.child("pattern"),
                    pattern,
                    "must be a valid regular expression, but isn't: error parsing regexp: " + e.getDescription() + ": `"
                            + e.getPattern() + "`"));
        }
    }

    private void nested(JsonNode schema, boolean skipAnyOf, FieldPath path) {
        if (!schema.isObject()) {
            return;
        }
        values(schema, skipAnyOf, false, path);
        nested(schema.path("items"), false, path.child("items"));
        schema.path("properties")
                .properties()
                .forEach(e ->
                        nested(e.getValue(), false, path.child("properties").key(e.getKey())));
        for (String field : List.of("type", "title", "description")) {
            if (!schema.path(field).asText().isEmpty()) {
                errors.add(FieldError.forbidden(path.child(field), "must be empty to be structural"));
            }
        }
        for (String field : List.of(
                "additionalProperties", "default", "externalDocs", "x-kubernetes-list-type", "x-kubernetes-map-type")) {
            if (schema.has(field)) {
                errors.add(FieldError.forbidden(path.child(field), "must be undefined to be structural"));
            }
        }
        for (String field : List.of(
                "nullable",
                "x-kubernetes-preserve-unknown-fields",
                "x-kubernetes-embedded-resource",
                "x-kubernetes-int-or-string")) {
            if (schema.path(field).asBoolean()) {
                errors.add(FieldError.forbidden(path.child(field), "must be false to be structural"));
            }
        }
        for (String field : List.of("x-kubernetes-list-map-keys", "x-kubernetes-validations")) {
            if (!schema.path(field).isEmpty()) {
                errors.add(FieldError.forbidden(path.child(field), "must be empty to be structural"));
            }
        }
        if (schema.path("properties").has("metadata")) {
            errors.add(FieldError.forbidden(
                    path.child("properties").key("metadata"), "must not be specified in a nested context"));
        }
    }

    /** What junctors speak of must be there. */
    private void completeness(JsonNode schema, FieldPath path) {
        if (!schema.isObject()) {
            return;
        }
        complete(schema, schema, path, path);
        completeness(schema.path("items"), path.child("items"));
        schema.path("properties")
                .properties()
                .forEach(
                        e -> completeness(e.getValue(), path.child("properties").key(e.getKey())));
        completeness(schema.path("additionalProperties"), path.child("additionalProperties"));
    }

    private void complete(JsonNode values, JsonNode schema, FieldPath path, FieldPath from) {
        completeNested(values.path("not"), schema, path, from.child("not"));
        for (String field : List.of("allOf", "anyOf", "oneOf")) {
            for (int i = 0; i < values.path(field).size(); i++) {
                completeNested(
                        values.path(field).get(i),
                        schema,
                        path,
                        from.child(field).index(i));
            }
        }
    }

    private void completeNested(JsonNode values, JsonNode schema, FieldPath path, FieldPath from) {
        if (!values.isObject()) {
            return;
        }
        if (!schema.isObject()) {
            errors.add(FieldError.required(path, "because it is defined in " + from));
            return;
        }
        complete(values, schema, path, from);
        completeNested(values.path("items"), schema.path("items"), path.child("items"), from.child("items"));
        values.path("properties")
                .properties()
                .forEach(e -> completeNested(
                        e.getValue(),
                        schema.path("properties").path(e.getKey()),
                        path.child("properties").key(e.getKey()),
                        from.child("properties").key(e.getKey())));
    }
}
