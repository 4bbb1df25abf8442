package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** What is wrong with a schema's lists: their types and the keys of their elements. */
final class ListRules {
    private static final String TYPE = "x-kubernetes-list-type";
    private static final String KEYS = "x-kubernetes-list-map-keys";

    private ListRules() {}

    static void validate(JsonNode schema, FieldPath path, boolean atomicSets, List<FieldError> errors) {
        boolean given = schema.path(TYPE).isTextual();
        String listType = schema.path(TYPE).asText();
        String type = schema.path("type").asText();
        var items = schema.path("items");
        if (given && type.isEmpty()) {
            errors.add(FieldError.required(path.child("type"), "must be array if x-kubernetes-list-type is specified"));
        } else if (given && !type.equals("array")) {
            errors.add(FieldError.invalid(
                    path.child("type"), type, "must be array if x-kubernetes-list-type is specified"));
        } else if (atomicSets && listType.equals("set")) {
            setItems(items, path.child("items"), errors);
        }
        if (given && !List.of("atomic", "set", "map").contains(listType)) {
            errors.add(FieldError.notSupported(path.child(TYPE), listType, List.of("atomic", "set", "map")));
        }
        var keys = Trees.strings(schema.path(KEYS));
        if (!keys.isEmpty() && !given) {
            errors.add(FieldError.required(path.child(TYPE), "must be map if x-kubernetes-list-map-keys is non-empty"));
        } else if (!keys.isEmpty() && !listType.equals("map")) {
            errors.add(FieldError.invalid(
                    path.child(TYPE), listType, "must be map if x-kubernetes-list-map-keys is non-empty"));
        }
        if (listType.equals("map")) {
            map(keys, items, path, errors);
        }
    }

    private static void setItems(JsonNode items, FieldPath path, List<FieldError> errors) {
        String listType = items.path(TYPE).asText("atomic");
        var shown = items.has(TYPE) ? (Object) listType : null;
        if (items.path("type").asText().equals("array") && !listType.equals("atomic")) {
            errors.add(FieldError.invalid(
                    path.child(TYPE), shown, "must be atomic as item of a list with x-kubernetes-list-type=set"));
        }
        if (items.path("type").asText().equals("object")
                && !items.path("x-kubernetes-map-type").asText().equals("atomic")) {
            errors.add(FieldError.invalid(
                    path.child("x-kubernetes-map-type"),
                    shown,
                    "must be atomic as item of a list with x-kubernetes-list-type=set"));
        }
    }

    private static void map(List<String> keys, JsonNode items, FieldPath path, List<FieldError> errors) {
        if (keys.isEmpty()) {
            errors.add(FieldError.required(path.child(KEYS), "must not be empty if x-kubernetes-list-type is map"));
        }
        if (items.isMissingNode()) {
            errors.add(FieldError.required(path.child("items"), "must have a schema if x-kubernetes-list-type is map"));
            return;
        }
        if (!items.isObject()) {
            errors.add(FieldError.invalid(
                    path.child("items"), items, "must only have a single schema if x-kubernetes-list-type is map"));
            return;
        }
        String type = items.path("type").asText();
        if (!type.equals("object")) {
            errors.add(FieldError.invalid(
                    path.child("items", "type"),
                    type,
                    "must be object if parent array's x-kubernetes-list-type is map"));
            return;
        }
        var seen = new HashSet<String>();
        for (String key : keys) {
            var property = items.path("properties").path(key);
            if (property.isMissingNode()) {
                errors.add(FieldError.invalid(path.child(KEYS), keys, "entries must all be names of item properties"));
            } else if (List.of("array", "object").contains(property.path("type").asText())) {
                errors.add(FieldError.invalid(
                        path.child("items", "properties").key(key).child("type"),
                        type,
                        "must be a scalar type if parent array's x-kubernetes-list-type is map"));
            }
            if (!seen.add(key)) {
                errors.add(FieldError.invalid(path.child(KEYS), keys, "must not contain duplicate entries"));
            }
        }
    }

    /** Elements that may be null, keys that may be missing. */
    static List<FieldError> unsoundKeys(JsonNode schema, FieldPath path) {
        var items = schema.path("items");
        String listType = schema.path(TYPE).asText();
        if (!items.isObject() || !(listType.equals("set") || listType.equals("map"))) {
            return List.of();
        }
        var errors = new ArrayList<FieldError>();
        if (items.path("nullable").asBoolean()) {
            errors.add(FieldError.forbidden(
                    path.child("items", "nullable"), "cannot be nullable when x-kubernetes-list-type is " + listType));
        }
        var required = Trees.strings(items.path("required"));
        for (String key : listType.equals("map") ? Trees.strings(schema.path(KEYS)) : List.<String>of()) {
            var property = items.path("properties").path(key);
            var at = path.child("items", "properties").key(key);
            if (property.isObject() && !required.contains(key) && !property.has("default")) {
                errors.add(
                        FieldError.required(
                                at.child("default"),
                                "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"));
            }
            if (property.path("nullable").asBoolean()) {
                errors.add(FieldError.forbidden(
                        at.child("nullable"),
                        "this property is in x-kubernetes-list-map-keys, so it cannot be nullable"));
            }
        }
        return errors;
    }

    /** Whether this is a set of what is no single value. */
    static boolean hasSetOfMutables(JsonNode schema) {
        if (!schema.path(TYPE).asText().equals("set")) {
            return false;
        }
        var errors = new ArrayList<FieldError>();
        setItems(schema.path("items"), FieldPath.ROOT, errors);
        return !errors.isEmpty();
    }
}
