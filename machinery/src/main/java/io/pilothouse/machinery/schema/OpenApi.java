package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes built-in types as upstream publishes them in OpenAPI v2 ({@code definitions}) or v3 ({@code components/schemas}); v3 carries
 * defaults. What only the server knows, {@code x-kubernetes-group-version-kind}, is left to the caller. Immutable.
 */
public final class OpenApi {
    /** The document that the schemas stand in. */
    public enum Version {
        V2("#/definitions/"),
        V3("#/components/schemas/");

        private final String prefix;

        Version(String prefix) {
            this.prefix = prefix;
        }

        /** How a document refers to a schema by its name. */
        public String reference(String schema) {
            return prefix + schema;
        }
    }

    private static final String API = "io.k8s.apimachinery.pkg.";
    private static final String EXTENSIONS = "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final Map<Kind, String> SPECIAL = Map.of(
            Kind.QUANTITY,
            API + "api.resource.Quantity",
            Kind.INT_OR_STRING,
            API + "util.intstr.IntOrString",
            Kind.TIME,
            API + "apis.meta.v1.Time",
            Kind.MICRO_TIME,
            API + "apis.meta.v1.MicroTime",
            Kind.FIELDS,
            API + "apis.meta.v1.FieldsV1",
            Kind.RAW,
            API + "runtime.RawExtension",
            Kind.JSON,
            EXTENSIONS + "JSON",
            Kind.SCHEMA_OR_ARRAY,
            EXTENSIONS + "JSONSchemaPropsOrArray",
            Kind.SCHEMA_OR_BOOL,
            EXTENSIONS + "JSONSchemaPropsOrBool",
            Kind.SCHEMA_OR_STRINGS,
            EXTENSIONS + "JSONSchemaPropsOrStringArray");

    private final Version version;
    private final Descriptions descriptions;

    public OpenApi(Version version, Descriptions descriptions) {
        this.version = version;
        this.descriptions = descriptions;
    }

    /** Types that stand for kinds of values, such as {@code Quantity}: they have names in documents and no fields of their own. */
    public static List<TypeSchema> specialTypes() {
        return SPECIAL.values().stream()
                .map(name -> TypeSchema.object(name, false, ""))
                .toList();
    }

    /** The schemas of a type and of all that it refers to, by name. */
    public Map<String, ObjectNode> closure(TypeSchema type) {
        Map<String, ObjectNode> out = new TreeMap<>();
        collect(type, out);
        return out;
    }

    private void collect(TypeSchema type, Map<String, ObjectNode> out) {
        String special = SPECIAL.get(type.kind());
        if (special != null) {
            out.computeIfAbsent(special, n -> special(type.kind(), n));
        }
        switch (type.kind()) {
            case OBJECT -> {
                if (!out.containsKey(type.name())) {
                    out.put(type.name(), definition(type));
                    type.fields().forEach(f -> collect(f.type(), out));
                }
            }
            case LIST, MAP -> collect(type.element(), out);
            default -> {}
        }
    }

    /** The schema of one named type. */
    public ObjectNode definition(TypeSchema type) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        descriptions.type(type.name()).ifPresent(d -> out.put("description", d));
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        type.fields().stream().map(FieldSchema::name).sorted().forEach(name -> {
            FieldSchema field = java.util.Objects.requireNonNull(type.field(name));
            properties.set(name, property(type, field));
        });
        type.fields().stream().filter(FieldSchema::required).forEach(f -> required.add(f.name()));
        setUnlessEmpty(out, "properties", properties);
        setUnlessEmpty(out, "required", required);
        out.put("type", "object");
        if (type.isAtomic()) {
            out.put("x-kubernetes-map-type", "atomic");
        }
        if (!type.union().isEmpty()) {
            union(out.putArray("x-kubernetes-unions").addObject(), type.union());
        }
        return out;
    }

    /** The discriminator's values are the fields' names with a capital. */
    private static void union(ObjectNode out, String union) {
        int colon = union.indexOf(':');
        if (colon > 0) {
            out.put("discriminator", union.substring(0, colon));
        }
        ObjectNode fields = out.putObject("fields-to-discriminateBy");
        for (String field : union.substring(colon + 1).split(",", -1)) {
            fields.put(field, Character.toUpperCase(field.charAt(0)) + field.substring(1));
        }
    }

    private static void setUnlessEmpty(ObjectNode out, String name, JsonNode value) {
        if (!value.isEmpty()) {
            out.set(name, value);
        }
    }

    private ObjectNode property(TypeSchema owner, FieldSchema field) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        reference(field.type())
                .ifPresentOrElse(
                        name -> {
                            if (version == Version.V3) {
                                out.putArray("allOf").addObject().put("$ref", version.prefix + name);
                            } else {
                                out.put("$ref", version.prefix + name);
                            }
                        },
                        () -> shape(out, field.type()));
        if (version == Version.V3) {
            defaultValue(field).ifPresent(d -> out.set("default", d));
        }
        descriptions.field(owner.name(), field.name()).ifPresent(d -> out.put("description", d));
        values(out, descriptions.values(owner.name(), field.name()));
        extensions(out, field);
        return out;
    }

    private static void values(ObjectNode out, List<String> values) {
        ObjectNode strings = out.path("items") instanceof ObjectNode items ? items : out;
        if (!values.isEmpty() && strings.path("type").asText().equals("string")) {
            ArrayNode list = strings.putArray("enum");
            values.forEach(list::add);
        }
    }

    private static Optional<JsonNode> defaultValue(FieldSchema field) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (field.defaultValue() != null) {
            return Optional.of(field.defaultValue());
        }
        if (field.pointer()) {
            return Optional.empty();
        }
        if (field.type().kind() == Kind.OBJECT) {
            return Optional.of(nodes.objectNode());
        }
        return field.omitEmpty()
                ? Optional.empty()
                : switch (field.type().kind()) {
                    case STRING -> Optional.of(nodes.textNode(""));
                    case BOOLEAN -> Optional.of(nodes.booleanNode(false));
                    case INT32, INT64, DOUBLE -> Optional.of(nodes.numberNode(0));
                    default -> Optional.empty();
                };
    }

    private static void extensions(ObjectNode out, FieldSchema field) {
        TypeSchema type = field.type();
        if (type.kind() == Kind.LIST && !type.isWrapped() && type.listType() != ListType.ATOMIC) {
            if (type.listType() == ListType.MAP) {
                ArrayNode keys = out.putArray("x-kubernetes-list-map-keys");
                type.mapKeys().forEach(keys::add);
            }
            out.put("x-kubernetes-list-type", type.listType() == ListType.MAP ? "map" : "set");
        } else if ((type.kind() == Kind.LIST || type.kind() == Kind.BYTES) && type.isDeclaredAtomic()) {
            out.put("x-kubernetes-list-type", "atomic");
        }
        if (type.kind() == Kind.MAP && type.isAtomic()) {
            out.put("x-kubernetes-map-type", "atomic");
        } else if (field.granular()) {
            out.put("x-kubernetes-map-type", "granular");
        }
        if (!field.mergeKey().isEmpty()) {
            out.put("x-kubernetes-patch-merge-key", field.mergeKey());
        }
        if (!field.patchStrategies().isEmpty()) {
            out.put("x-kubernetes-patch-strategy", String.join(",", field.patchStrategies()));
        }
    }

    private static Optional<String> reference(TypeSchema type) {
        return type.kind() == Kind.OBJECT ? Optional.of(type.name()) : Optional.ofNullable(SPECIAL.get(type.kind()));
    }

    /** The type, format and elements of what is no reference. */
    private void shape(ObjectNode out, TypeSchema type) {
        switch (type.kind()) {
            case STRING -> out.put("type", "string");
            case BYTES -> out.put("type", "string").put("format", "byte");
            case BOOLEAN -> out.put("type", "boolean");
            case INT32 -> out.put("type", "integer").put("format", "int32");
            case INT64 -> out.put("type", "integer").put("format", "int64");
            case DOUBLE -> out.put("type", "number").put("format", "double");
            case LIST -> element(out.put("type", "array").putObject("items"), type.element());
            case MAP -> element(out.put("type", "object").putObject("additionalProperties"), type.element());
            default -> out.put("type", "object");
        }
    }

    private void element(ObjectNode out, TypeSchema type) {
        reference(type).ifPresentOrElse(name -> out.put("$ref", version.prefix + name), () -> shape(out, type));
    }

    private ObjectNode special(Kind kind, String name) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        descriptions.type(name).ifPresent(d -> out.put("description", d));
        Consumer<String[]> oneOf = types -> {
            ArrayNode list = out.putArray("oneOf");
            for (String type : types) {
                list.addObject().put("type", type);
            }
        };
        switch (kind) {
            case TIME, MICRO_TIME -> out.put("type", "string").put("format", "date-time");
            case FIELDS, RAW -> out.put("type", "object");
            case QUANTITY -> {
                if (version == Version.V3) {
                    oneOf.accept(new String[] {"string", "number"});
                } else {
                    out.put("type", "string");
                }
            }
            case INT_OR_STRING -> {
                out.put("format", "int-or-string");
                if (version == Version.V3) {
                    oneOf.accept(new String[] {"integer", "string"});
                } else {
                    out.put("type", "string");
                }
            }
            default -> {}
        }
        return out;
    }
}
