package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What is wrong with how a custom resource is to be served: subresources, columns, selectable fields, deprecation. */
final class ServingValidation {
    private static final Set<String> COLUMN_TYPES =
            new TreeSet<>(Set.of("integer", "number", "string", "boolean", "date"));
    private static final Set<String> COLUMN_FORMATS =
            new TreeSet<>(Set.of("int32", "int64", "float", "double", "byte", "date", "date-time", "password"));
    private static final Set<String> SELECTABLE_TYPES = Set.of("string", "boolean", "integer");
    private static final int SELECTABLE_LIMIT = 8;
    private static final int WARNING_LIMIT = 256;

    private ServingValidation() {}

    static boolean anyStatus(JsonNode spec) {
        if (spec.path("subresources").has("status")) {
            return true;
        }
        for (var version : spec.path("versions")) {
            if (version.path("subresources").has("status")) {
                return true;
            }
        }
        return false;
    }

    static boolean hasStatus(JsonNode spec, JsonNode version) {
        return (version.has("subresources") ? version : spec)
                .path("subresources")
                .has("status");
    }

    static void deprecation(JsonNode version, FieldPath path, List<FieldError> errors) {
        var warning = version.path("deprecationWarning");
        if (!warning.isTextual()) {
            return;
        }
        String text = warning.textValue();
        var at = path.child("deprecationWarning");
        if (!version.path("deprecated").asBoolean()) {
            errors.add(FieldError.invalid(at, text, "can only be set for deprecated versions"));
            return;
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > WARNING_LIMIT) {
            errors.add(FieldError.invalid(at, text, "must be <= 256 characters long"));
        }
        if (text.isEmpty()) {
            errors.add(FieldError.invalid(at, text, "must not be an empty string"));
        }
        int index = 0;
        for (int c : text.codePoints().toArray()) {
            if (Character.isISOControl(c) || !Character.isDefined(c)) {
                errors.add(FieldError.invalid(
                        at,
                        text,
                        "must only contain printable UTF-8 characters; non-printable character found at index "
                                + index));
                return;
            }
            index += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
        }
    }

    static void subresources(JsonNode subresources, FieldPath path, List<FieldError> errors) {
        var scale = subresources.path("scale");
        if (!scale.isObject()) {
            return;
        }
        replicas(scale.path("specReplicasPath").asText(), ".spec.", path.child("scale.specReplicasPath"), errors);
        replicas(scale.path("statusReplicasPath").asText(), ".status.", path.child("scale.statusReplicasPath"), errors);
        String selector = scale.path("labelSelectorPath").asText();
        if (!selector.isEmpty()
                && simplePath(selector, path.child("scale.labelSelectorPath"), errors)
                && !selector.startsWith(".spec.")
                && !selector.startsWith(".status.")) {
            errors.add(FieldError.invalid(
                    path.child("scale.labelSelectorPath"),
                    selector,
                    "should be a json path under either .spec or .status"));
        }
    }

    private static void replicas(String value, String prefix, FieldPath path, List<FieldError> errors) {
        if (value.isEmpty()) {
            errors.add(FieldError.required(path, ""));
        } else if (simplePath(value, path, errors) && !value.startsWith(prefix)) {
            errors.add(FieldError.invalid(
                    path, value, "should be a json path under " + prefix.substring(0, prefix.length() - 1)));
        }
    }

    private static boolean simplePath(String value, FieldPath path, List<FieldError> errors) {
        if (value.startsWith(".")) {
            return true;
        }
        errors.add(FieldError.invalid(path, value, "must be a simple json path starting with ."));
        return false;
    }

    static void columns(JsonNode columns, FieldPath path, List<FieldError> errors) {
        for (int i = 0; i < columns.size(); i++) {
            column(columns.get(i), path.index(i), errors);
        }
    }

    private static void column(JsonNode column, FieldPath path, List<FieldError> errors) {
        if (column.path("name").asText().isEmpty()) {
            errors.add(FieldError.required(path.child("name"), ""));
        }
        String type = column.path("type").asText();
        String types = "must be one of " + String.join(",", COLUMN_TYPES);
        if (type.isEmpty()) {
            errors.add(FieldError.required(path.child("type"), types));
        } else if (!COLUMN_TYPES.contains(type)) {
            errors.add(FieldError.invalid(path.child("type"), type, types));
        }
        String format = column.path("format").asText();
        if (!format.isEmpty() && !COLUMN_FORMATS.contains(format)) {
            errors.add(FieldError.invalid(
                    path.child("format"), format, "must be one of " + String.join(",", COLUMN_FORMATS)));
        }
        String jsonPath = column.path("JSONPath").asText();
        if (jsonPath.isEmpty()) {
            errors.add(FieldError.required(path.child("JSONPath"), ""));
        } else {
            simplePath(jsonPath, path.child("JSONPath"), errors);
        }
    }

    static void selectableFields(JsonNode fields, JsonNode schema, FieldPath path, List<FieldError> errors) {
        var seen = new HashSet<String>();
        for (int i = 0; i < fields.size(); i++) {
            var at = path.index(i).child("jsonPath");
            String value = fields.get(i).path("jsonPath").asText();
            if (value.isEmpty()) {
                errors.add(FieldError.required(at, ""));
                continue;
            }
            var found = SchemaPaths.find(schema, value, false);
            if (found.problem() != null) {
                errors.add(FieldError.invalid(at, value, "is an invalid path: " + found.problem()));
                continue;
            }
            if (value.startsWith(".metadata")) {
                errors.add(FieldError.invalid(at, value, "must not point to fields in metadata"));
            }
            if (!SELECTABLE_TYPES.contains(found.schema().path("type").asText())) {
                errors.add(
                        FieldError.invalid(
                                at,
                                value,
                                "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed."));
            }
            if (!seen.add(value)) {
                errors.add(FieldError.duplicate(at, value));
            }
        }
        if (seen.size() > SELECTABLE_LIMIT) {
            errors.add(FieldError.tooMany(path, seen.size(), SELECTABLE_LIMIT));
        }
    }
}
