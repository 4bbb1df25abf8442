package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is wrong with the schema of a custom resource. */
final class SchemaRules {
    /** In upstream's order. */
    static final Set<String> TYPES = new TreeSet<>(Set.of("array", "boolean", "integer", "number", "object", "string"));

    private static final Set<String> ROOT_FIELDS = Set.of(
            "description",
            "type",
            "format",
            "title",
            "maximum",
            "exclusiveMaximum",
            "minimum",
            "exclusiveMinimum",
            "maxLength",
            "minLength",
            "pattern",
            "maxItems",
            "minItems",
            "uniqueItems",
            "multipleOf",
            "required",
            "items",
            "properties",
            "externalDocs",
            "example",
            "x-kubernetes-preserve-unknown-fields",
            "x-kubernetes-validations");
    private static final String ROOT_FIELDS_TEXT =
            "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems"
                    + " UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations]";
    private static final Set<String> META_FIELDS = Set.of("metadata", "kind", "apiVersion");

    private final Tolerance tolerance;
    private final boolean structural;

    /** @param structural whether schemas must be structural */
    SchemaRules(Tolerance tolerance, boolean structural) {
        this.tolerance = tolerance;
        this.structural = structural;
    }

    /** Where in a schema one is: what holds for all below. */
    private record Place(
            boolean root, boolean insideMeta, @Nullable String forbiddenDefaults) {
        Place below() {
            return new Place(false, insideMeta, forbiddenDefaults);
        }
    }

    /** Checks a {@code schema} or {@code validation} of a definition in its stored form. */
    void validation(JsonNode validation, FieldPath path, boolean status, List<FieldError> errors) {
        var schema = validation.path("openAPIV3Schema");
        if (!schema.isObject()) {
            return;
        }
        if (status) {
            root(schema, path, errors);
        }
        if (schema.path("nullable").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path.child("openAPIV3Schema.nullable"), "nullable cannot be true at the root"));
        }
        var at = path.child("openAPIV3Schema");
        var walked = new ArrayList<FieldError>();
        walk(schema, at, new Place(true, false, null), walked);
        boolean supported = !SchemaSearch.within(schema, SchemaRules::isUnsupported);
        boolean sound = true;
        if (structural && supported) {
            var shape = StructuralRules.validate(schema, at);
            var found = shape.isEmpty() ? DefaultRules.validate(schema, at, tolerance.requiresPrunedDefaults()) : shape;
            errors.addAll(found);
            sound = found.isEmpty();
        }
        errors.addAll(walked);
        if (structural && supported && sound && walked.isEmpty()) {
            ExpressionRules.validate(schema, at, !tolerance.unchanged(schema), errors);
        }
    }

    private static void root(JsonNode schema, FieldPath path, List<FieldError> errors) {
        for (Iterator<String> names = schema.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (name.equals("type") && !schema.path("type").asText().equals("object")) {
                errors.add(
                        FieldError.invalid(
                                path.child("openAPIV3Schema.type"),
                                schema.path("type").asText(),
                                "only \"object\" is allowed as the type at the root of the schema if the status subresource is enabled"));
                return;
            }
            if (!ROOT_FIELDS.contains(name)) {
                errors.add(
                        FieldError.invalid(
                                path.child("openAPIV3Schema"),
                                schema,
                                "only " + ROOT_FIELDS_TEXT
                                        + " fields are allowed at the root of the schema if the status subresource is enabled"));
                return;
            }
        }
    }

    /** What a structural schema has no place for. */
    private static boolean isUnsupported(JsonNode s) {
        return s.has("id")
                || s.has("$ref")
                || s.has("additionalItems")
                || s.has("patternProperties")
                || s.has("definitions")
                || s.has("dependencies")
                || s.path("uniqueItems").asBoolean()
                || s.path("items").isArray()
                || s.path("type").asText().equals("null")
                || (s.has("additionalProperties") && !s.path("properties").isEmpty());
    }

    private void walk(JsonNode schema, FieldPath path, Place place, List<FieldError> errors) {
        if (!schema.isObject()) {
            return;
        }
        keywords(schema, path, place, errors);
        if (schema.path("uniqueItems").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path.child("uniqueItems"),
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"));
        }
        var additional = schema.path("additionalProperties");
        if (!schema.path("properties").isEmpty()
                && !additional.isMissingNode()
                && (additional.isObject() || !additional.asBoolean())) {
            errors.add(FieldError.forbidden(
                    path.child("additionalProperties"), "additionalProperties and properties are mutual exclusive"));
        }
        var inside = place.insideMeta()
                ? new Place(false, true, " inside additionalProperties applying to object metadata")
                : place.below();
        walk(additional, path.child("additionalProperties"), inside, errors);
        properties(schema, path, place, errors);
        walk(schema.path("not"), path.child("not"), place.below(), errors);
        for (String field : List.of("allOf", "oneOf", "anyOf")) {
            for (int i = 0; i < schema.path(field).size(); i++) {
                walk(schema.path(field).get(i), path.child(field).index(i), place.below(), errors);
            }
        }
        var items = schema.path("items");
        walk(items, path.child("items"), place.below(), errors);
        for (int i = 0; items.isArray() && i < items.size(); i++) {
            walk(items.get(i), path.child("items").index(i), place.below(), errors);
        }
        extensions(schema, path, errors);
        ListRules.validate(schema, path, tolerance.requiresAtomicSets(), errors);
        if (tolerance.requiresSoundKeys()) {
            errors.addAll(ListRules.unsoundKeys(schema, path));
        }
        ExpressionRules.texts(schema, path, errors);
    }

    private void properties(JsonNode schema, FieldPath path, Place place, List<FieldError> errors) {
        var sorted = new TreeMap<String, JsonNode>();
        schema.path("properties").properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        for (Map.Entry<String, JsonNode> property : sorted.entrySet()) {
            var below = place.below();
            boolean embedded = schema.path("x-kubernetes-embedded-resource").asBoolean();
            if ((place.root() || embedded) && META_FIELDS.contains(property.getKey())) {
                below = new Place(
                        false, true, place.root() ? " in top-level " + property.getKey() : place.forbiddenDefaults());
            }
            walk(property.getValue(), path.child("properties").key(property.getKey()), below, errors);
        }
    }

    private void keywords(JsonNode schema, FieldPath path, Place place, List<FieldError> errors) {
        String type = schema.path("type").asText();
        if (tolerance.requiresTypes() && !type.isEmpty() && !TYPES.contains(type)) {
            errors.add(FieldError.notSupported(path.child("type"), type, TYPES));
        }
        if (schema.has("default") && place.forbiddenDefaults() != null) {
            errors.add(FieldError.forbidden(path.child("default"), "must not be set" + place.forbiddenDefaults()));
        }
        for (String field :
                List.of("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")) {
            if (schema.has(field)) {
                errors.add(FieldError.forbidden(path.child(field), field + " is not supported"));
            }
        }
        if (type.equals("null")) {
            errors.add(FieldError.forbidden(
                    path.child("type"), "type cannot be set to null, use nullable as an alternative"));
        }
        if (schema.path("items").isArray() && !schema.path("items").isEmpty()) {
            errors.add(FieldError.forbidden(path.child("items"), "items must be a schema object and not an array"));
        }
        if (place.insideMeta() && schema.path("x-kubernetes-embedded-resource").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path.child("x-kubernetes-embedded-resource"), "must not be used inside of resource meta"));
        }
    }

    private static void extensions(JsonNode schema, FieldPath path, List<FieldError> errors) {
        var preserve = schema.path("x-kubernetes-preserve-unknown-fields");
        if (preserve.isBoolean() && !preserve.asBoolean()) {
            errors.add(FieldError.invalid(
                    path.child("x-kubernetes-preserve-unknown-fields"), false, "must be true or undefined"));
        }
        if (!schema.has("x-kubernetes-map-type")) {
            return;
        }
        String type = schema.path("type").asText();
        if (type.isEmpty()) {
            errors.add(FieldError.required(path.child("type"), "must be object if x-kubernetes-map-type is specified"));
        } else if (!type.equals("object")) {
            errors.add(FieldError.invalid(
                    path.child("type"), type, "must be object if x-kubernetes-map-type is specified"));
        }
        String mapType = schema.path("x-kubernetes-map-type").asText();
        if (!Set.of("atomic", "granular").contains(mapType)) {
            errors.add(FieldError.notSupported(
                    path.child("x-kubernetes-map-type"), mapType, List.of("atomic", "granular")));
        }
    }
}
