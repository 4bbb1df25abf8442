package io.pilothouse.machinery.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;

/** Checks single values, such as defaults, against a part of a custom resource's schema. Stateless. */
public final class SchemaValues {
    private SchemaValues() {}

    /** The errors of a value that stands somewhere. */
    public static List<FieldError> validate(JsonNode schema, JsonNode value, FieldPath at) {
        return new ValueValidator(Structural.of(schema)).validateAt(value, null, schema, at);
    }

    /** Whether a format is one that upstream knows. */
    public static boolean isKnownFormat(String format) {
        return Formats.isKnown(format);
    }

    /** Whether a value has fields that the schema does not declare. */
    public static boolean hasUnknown(JsonNode schema, JsonNode value) {
        ObjectNode holder = JsonNodeFactory.instance.objectNode();
        holder.set("value", value.deepCopy());
        ObjectNode around = JsonNodeFactory.instance.objectNode().put("type", "object");
        around.putObject("properties").set("value", schema);
        return !Pruner.prune(holder, Structural.of(around)).isEmpty();
    }
}
