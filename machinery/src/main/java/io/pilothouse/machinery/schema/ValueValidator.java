package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks values against an OpenAPI v3 schema, with the errors that upstream gives for custom resources. Patterns are compiled once, in
 * linear-time syntax. Immutable once built; {@link #validate} may be called by many threads.
 */
final class ValueValidator {
    private final Map<String, Pattern> patterns = new HashMap<>();
    private final Structural root;

    ValueValidator(Structural root) {
        this.root = root;
        compile(root.source());
    }

    private void compile(JsonNode schema) {
        JsonNode pattern = schema.get("pattern");
        if (pattern != null && pattern.isTextual()) {
            patterns.computeIfAbsent(pattern.textValue(), Pattern::compile);
        }
        schema.forEach(this::compile);
    }

    /** The errors of a value; where an old one is given, what did not change is not checked again. */
    List<FieldError> validate(JsonNode value, @Nullable JsonNode old) {
        List<FieldError> errors = new ArrayList<>();
        visit(value, old, root.source(), FieldPath.ROOT, errors);
        return errors;
    }

    /** The errors of a value that stands somewhere: their fields tell where, their texts tell of the value alone. */
    List<FieldError> validateAt(JsonNode value, @Nullable JsonNode old, JsonNode schema, FieldPath path) {
        List<FieldError> errors = new ArrayList<>();
        visit(value, old, schema, FieldPath.ROOT, errors);
        return errors.stream()
                .map(e -> new FieldError(e.type(), below(path, e.field()), e.badValue(), e.detail()))
                .toList();
    }

    private static String below(FieldPath path, String field) {
        return field.equals(FieldPath.ROOT.toString())
                ? path.toString()
                : path + (field.startsWith("[") ? "" : ".") + field;
    }

    private static String print(FieldPath path) {
        return path.isRoot() ? "" : path.toString();
    }

    private static FieldError unplaced(String message) {
        return FieldError.invalid(FieldPath.ROOT, "", message);
    }

    private void visit(
            JsonNode value, @Nullable JsonNode old, JsonNode schema, FieldPath path, List<FieldError> errors) {
        if (old != null && old.equals(value)) {
            return;
        }
        if (value.isNull() && schema.path("nullable").asBoolean(false)) {
            return;
        }
        String wrongType = wrongType(value, schema);
        if (wrongType != null) {
            String got = typeOf(value);
            errors.add(FieldError.typeInvalid(
                    path, got, print(path) + " in body must be of type " + wrongType + ": " + GoText.quote(got)));
        }
        combinations(value, schema, path, errors);
        switch (value.getNodeType()) {
            case STRING -> string(value, schema, path, errors);
            case NUMBER -> NumberRules.check(value, schema, path, errors);
            case ARRAY -> array(value, old, schema, path, errors);
            default -> {}
        }
        enumeration(value, schema, path, errors);
        if (value.isObject()) {
            object(value, old, schema, path, errors);
        }
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case NUMBER -> NumberRules.isWhole(value) ? "integer" : "number";
            default -> "null";
        };
    }

    private static @Nullable String wrongType(JsonNode value, JsonNode schema) {
        String type = schema.path("type").asText("");
        String got = typeOf(value);
        if (schema.path("x-kubernetes-int-or-string").asBoolean(false)) {
            return got.equals("integer") || got.equals("string") ? null : "integer,string";
        }
        boolean fits = type.isEmpty() || type.equals(got) || (type.equals("number") && got.equals("integer"));
        return fits ? null : type;
    }

    private void combinations(JsonNode value, JsonNode schema, FieldPath path, List<FieldError> errors) {
        String name = "\"" + print(path) + "\"";
        Alternatives any = alternatives(value, schema.path("anyOf"), path);
        if (any.valid() == 0 && any.total() > 0) {
            errors.add(unplaced(name + " must validate at least one schema (anyOf)"));
            errors.addAll(any.best());
        }
        Alternatives one = alternatives(value, schema.path("oneOf"), path);
        if (one.total() > 0 && one.valid() != 1) {
            String found = one.valid() == 0 ? "Found none valid" : "Found " + one.valid() + " valid alternatives";
            errors.add(unplaced(name + " must validate one and only one schema (oneOf). " + found));
            errors.addAll(one.valid() == 0 ? one.best() : List.of());
        }
        Alternatives all = alternatives(value, schema.path("allOf"), path);
        if (all.valid() < all.total()) {
            errors.addAll(all.errors());
            errors.add(unplaced(
                    name + " must validate all the schemas (allOf)" + (all.valid() == 0 ? ". None validated" : "")));
        }
        if (schema.has("not") && errorsOf(value, schema.get("not"), path).isEmpty()) {
            errors.add(unplaced(name + " must not validate the schema (not)"));
        }
    }

    private record Alternatives(int total, int valid, List<FieldError> best, List<FieldError> errors) {}

    private Alternatives alternatives(JsonNode value, JsonNode schemas, FieldPath path) {
        int valid = 0;
        List<FieldError> all = new ArrayList<>();
        @Nullable List<FieldError> best = null;
        for (JsonNode schema : schemas) {
            List<FieldError> errors = errorsOf(value, schema, path);
            valid += errors.isEmpty() ? 1 : 0;
            all.addAll(errors);
            best = best == null || errors.size() < best.size() ? errors : best;
        }
        return new Alternatives(schemas.size(), valid, best == null ? List.of() : best, all);
    }

    private List<FieldError> errorsOf(JsonNode value, JsonNode schema, FieldPath path) {
        List<FieldError> errors = new ArrayList<>();
        visit(value, null, schema, path, errors);
        return errors;
    }

    private void string(JsonNode value, JsonNode schema, FieldPath path, List<FieldError> errors) {
        String text = value.textValue();
        FieldError first = textError(text, schema, path);
        if (first != null) {
            errors.add(first);
        }
        String format = schema.path("format").asText("");
        if (!format.isEmpty() && !Formats.matches(format, text)) {
            errors.add(FieldError.typeInvalid(
                    path, text, print(path) + " in body must be of type " + format + ": " + GoText.quote(text)));
        }
    }

    /** The first of a string's own rules that it breaks. */
    private @Nullable FieldError textError(String text, JsonNode schema, FieldPath path) {
        int length = text.codePointCount(0, text.length());
        if (schema.has("maxLength") && length > schema.get("maxLength").asLong()) {
            return FieldError.tooLong(path, schema.get("maxLength").asInt());
        }
        if (schema.has("minLength") && length < schema.get("minLength").asLong()) {
            return FieldError.invalid(
                    path,
                    text,
                    print(path) + " in body should be at least "
                            + schema.get("minLength").asLong() + " chars long");
        }
        Pattern pattern = patterns.get(schema.path("pattern").asText(""));
        if (pattern != null && !pattern.matcher(text).find()) {
            return FieldError.invalid(path, text, print(path) + " in body should match '" + pattern.pattern() + "'");
        }
        return null;
    }

    private void enumeration(JsonNode value, JsonNode schema, FieldPath path, List<FieldError> errors) {
        JsonNode allowed = schema.path("enum");
        if (allowed.isEmpty()) {
            return;
        }
        List<String> names = new ArrayList<>();
        for (JsonNode choice : allowed) {
            if (choice.equals(value)
                    || (choice.isNumber() && value.isNumber() && choice.doubleValue() == value.doubleValue())) {
                return;
            }
            names.add(choice.isTextual() ? choice.textValue() : Json.text(choice));
        }
        errors.add(FieldError.notSupported(path, value, names));
    }

    private void array(
            JsonNode value, @Nullable JsonNode old, JsonNode schema, FieldPath path, List<FieldError> errors) {
        int size = value.size();
        if (schema.has("minItems") && size < schema.get("minItems").asLong()) {
            errors.add(FieldError.invalid(
                    path,
                    size,
                    print(path) + " in body should have at least "
                            + schema.get("minItems").asLong() + " items"));
        }
        if (schema.has("maxItems") && size > schema.get("maxItems").asLong()) {
            errors.add(FieldError.tooMany(path, size, schema.get("maxItems").asInt()));
        }
        JsonNode items = schema.get("items");
        Map<JsonNode, JsonNode> earlier = new TreeMap<>(java.util.Comparator.comparing(Json::text));
        boolean keyed = schema.path("x-kubernetes-list-type").asText("").equals("map");
        if (keyed && old != null) {
            old.forEach(e -> earlier.put(keys(e, schema), e));
        }
        for (int i = 0; items != null && i < size; i++) {
            visit(value.get(i), keyed ? earlier.get(keys(value.get(i), schema)) : null, items, path.index(i), errors);
        }
        uniqueness(value, schema, path, errors);
    }

    private static JsonNode keys(JsonNode element, JsonNode schema) {
        Map<String, JsonNode> out = new TreeMap<>();
        schema.path("x-kubernetes-list-map-keys").forEach(k -> {
            if (element.has(k.asText())) {
                out.put(k.asText(), element.get(k.asText()));
            }
        });
        return Json.valueOf(out);
    }

    private static void uniqueness(JsonNode value, JsonNode schema, FieldPath path, List<FieldError> errors) {
        String listType = schema.path("x-kubernetes-list-type").asText("");
        if (!listType.equals("map") && !listType.equals("set")) {
            return;
        }
        List<JsonNode> seen = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            JsonNode identity = listType.equals("map") ? keys(value.get(i), schema) : value.get(i);
            if (seen.contains(identity)) {
                errors.add(FieldError.duplicate(path.index(i), identity));
            }
            seen.add(identity);
        }
    }

    private void object(
            JsonNode value, @Nullable JsonNode old, JsonNode schema, FieldPath path, List<FieldError> errors) {
        int size = value.size();
        if (schema.has("minProperties") && size < schema.get("minProperties").asLong()) {
            errors.add(FieldError.invalid(
                    path,
                    size,
                    print(path) + " in body should have at least "
                            + schema.get("minProperties").asLong() + " properties"));
        }
        if (schema.has("maxProperties") && size > schema.get("maxProperties").asLong()) {
            errors.add(
                    FieldError.tooMany(path, size, schema.get("maxProperties").asInt()));
        }
        JsonNode additional = schema.path("additionalProperties");
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        value.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        sorted.forEach((name, member) -> {
            JsonNode declared = schema.path("properties").get(name);
            JsonNode rules = declared != null ? declared : additional.isObject() ? additional : null;
            if (rules != null) {
                visit(member, old == null ? null : old.get(name), rules, path.child(name), errors);
            }
        });
        schema.path("required").forEach(name -> {
            if (!value.has(name.asText())) {
                errors.add(FieldError.required(path.child(name.asText()), ""));
            }
        });
    }
}
