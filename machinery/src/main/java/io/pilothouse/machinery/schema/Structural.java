package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a custom resource's schema: what {@code openAPIV3Schema} says of types, fields and Kubernetes' extensions. The value
 * validations stay in {@link #source()}. Immutable.
 *
 * @param type empty where the schema gives none
 * @param additional the schema of undeclared fields; null where none is given
 * @param additionalAllowed whether {@code additionalProperties: true} stands there
 */
record Structural(
        JsonNode source,
        String type,
        Map<String, Structural> properties,
        @Nullable Structural additional,
        boolean additionalAllowed,
        @Nullable Structural items,
        boolean nullable,
        @Nullable JsonNode defaultValue,
        boolean preservesUnknown,
        boolean embedded,
        boolean intOrString) {

    static Structural of(JsonNode source) {
        Map<String, Structural> properties = new TreeMap<>();
        source.path("properties").properties().forEach(e -> properties.put(e.getKey(), of(e.getValue())));
        JsonNode additional = source.path("additionalProperties");
        JsonNode items = source.path("items");
        JsonNode defaultValue = source.get("default");
        return new Structural(
                source,
                source.path("type").asText(""),
                Collections.unmodifiableMap(properties),
                additional.isObject() ? of(additional) : null,
                additional.asBoolean(false),
                items.isObject() ? of(items) : null,
                source.path("nullable").asBoolean(false),
                defaultValue == null || defaultValue.isNull() ? null : defaultValue,
                flag(source, "preserve-unknown-fields"),
                flag(source, "embedded-resource"),
                flag(source, "int-or-string"));
    }

    private static boolean flag(JsonNode source, String extension) {
        return source.path("x-kubernetes-" + extension).asBoolean(false);
    }

    /** The schema of a member; null where there is none. */
    @Nullable
    Structural member(String name) {
        Structural property = properties.get(name);
        return property != null ? property : additional;
    }

    ListType listType() {
        return switch (source.path("x-kubernetes-list-type").asText("")) {
            case "set" -> ListType.SET;
            case "map" -> ListType.MAP;
            default -> ListType.ATOMIC;
        };
    }

    List<String> mapKeys() {
        List<String> out = new ArrayList<>();
        source.path("x-kubernetes-list-map-keys").forEach(k -> out.add(k.asText()));
        return out;
    }

    boolean isAtomicMap() {
        return source.path("x-kubernetes-map-type").asText("").equals("atomic");
    }
}
