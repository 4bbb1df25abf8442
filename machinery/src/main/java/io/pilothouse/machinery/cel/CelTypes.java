package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The types that expressions see where a schema stands. For one thread; what it made may be read by many. */
final class CelTypes {
    private final Map<String, StructType> structs = new LinkedHashMap<>();

    /**
     * The type of a schema; null where expressions can't see the value.
     *
     * @param name unique to the place
     * @param resource whether an object there has metadata
     */
    @Nullable
    CelType of(JsonNode schema, String name, boolean resource) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return SimpleType.DYN;
        }
        return switch (schema.path("type").asText("")) {
            case "object" ->
                object(
                        schema,
                        name,
                        resource
                                || schema.path("x-kubernetes-embedded-resource").asBoolean());
            case "array" -> {
                CelType element = of(schema.path("items"), name + ".@items", false);
                yield element == null ? null : ListType.create(element);
            }
            case "string" -> string(schema.path("format").asText(""));
            case "boolean" -> SimpleType.BOOL;
            case "integer" -> SimpleType.INT;
            case "number" -> SimpleType.DOUBLE;
            default -> null;
        };
    }

    private static CelType string(String format) {
        return switch (format) {
            case "byte" -> SimpleType.BYTES;
            case "duration" -> SimpleType.DURATION;
            case "date", "date-time" -> SimpleType.TIMESTAMP;
            default -> SimpleType.STRING;
        };
    }

    private @Nullable CelType object(JsonNode schema, String name, boolean resource) {
        JsonNode additional = schema.path("additionalProperties");
        if (additional.isObject()) {
            CelType value = of(additional, name + ".@values", false);
            return value == null ? null : MapType.create(SimpleType.STRING, value);
        }
        if (additional.asBoolean(false)) {
            return MapType.create(SimpleType.STRING, SimpleType.DYN);
        }
        Map<String, CelType> fields = new LinkedHashMap<>();
        if (resource) {
            fields.put("apiVersion", SimpleType.STRING);
            fields.put("kind", SimpleType.STRING);
            fields.put("metadata", metadata(name + ".metadata"));
        }
        schema.path("properties").properties().forEach(e -> {
            CelType type = fields.containsKey(e.getKey()) ? null : of(e.getValue(), name + "." + e.getKey(), false);
            if (type != null && CelNames.isCallable(e.getKey())) {
                fields.put(CelNames.escape(e.getKey()), type);
            }
        });
        return struct(name, fields);
    }

    private StructType metadata(String name) {
        return struct(name, Map.of("name", SimpleType.STRING, "generateName", SimpleType.STRING));
    }

    private StructType struct(String name, Map<String, CelType> all) {
        ImmutableMap<String, CelType> fields = ImmutableMap.copyOf(all);
        StructType type = StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
        structs.put(name, type);
        return type;
    }

    /** All structs that were made. */
    Collection<StructType> structs() {
        return structs.values();
    }

    /** All structs that were made, as a provider. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(structs));
    }

    private static final class Provider implements CelTypeProvider {
        private final ImmutableMap<String, StructType> structs;

        Provider(ImmutableMap<String, StructType> structs) {
            this.structs = structs;
        }

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(structs.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(structs.get(name));
        }
    }
}
