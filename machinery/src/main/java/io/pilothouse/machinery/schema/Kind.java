package io.pilothouse.machinery.schema;

/** What a value is, as the Go type behind it has it. */
public enum Kind {
    OBJECT("struct"),
    MAP("map"),
    LIST("slice"),
    STRING("string"),
    BOOLEAN("bool"),
    INT32("int32"),
    INT64("int64"),
    DOUBLE("float64"),
    /** Base64 in JSON. */
    BYTES("[]uint8"),
    QUANTITY("resource.Quantity"),
    INT_OR_STRING("intstr.IntOrString"),
    /** RFC 3339 with whole seconds. */
    TIME("v1.Time"),
    /** RFC 3339 with six digits of a second. */
    MICRO_TIME("v1.MicroTime"),
    /** Any JSON, an embedded object mostly; in protobuf its bytes. */
    RAW("runtime.RawExtension"),
    /** Any JSON, as in a CRD's schema. */
    JSON("v1.JSON"),
    /** A set of owned fields. */
    FIELDS("v1.FieldsV1"),
    /** A schema or a list of them. */
    SCHEMA_OR_ARRAY("v1.JSONSchemaPropsOrArray"),
    /** A schema or a boolean. */
    SCHEMA_OR_BOOL("v1.JSONSchemaPropsOrBool"),
    /** A schema or a list of strings. */
    SCHEMA_OR_STRINGS("v1.JSONSchemaPropsOrStringArray"),
    /** Anything; where a custom resource's schema says nothing. */
    ANY("interface {}");

    private final String goName;

    Kind(String goName) {
        this.goName = goName;
    }

    /** The Go type's name in messages. */
    public String goName() {
        return goName;
    }

    /** Whether the Go type is a struct: then omitempty does not omit it. */
    boolean isStruct() {
        return switch (this) {
            case OBJECT,
                    QUANTITY,
                    INT_OR_STRING,
                    TIME,
                    MICRO_TIME,
                    RAW,
                    JSON,
                    FIELDS,
                    SCHEMA_OR_ARRAY,
                    SCHEMA_OR_BOOL,
                    SCHEMA_OR_STRINGS -> true;
            default -> false;
        };
    }
}
