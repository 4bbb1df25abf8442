package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import io.pilothouse.machinery.schema.FieldSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Reads bodies of custom resources: what is not declared goes, metadata is read with its type, defaults are filled in. Stateless. */
public final class CustomResourceReader {
    private CustomResourceReader() {}

    /** Reads a body; fails as {@link TypedReader} does. The values are not validated. */
    public static ObjectNode read(
            Document document, CustomResourceSchema schema, FieldValidation validation, Consumer<String> warnings) {
        JsonNode root = document.root();
        if (!root.isObject() && !root.isNull()) {
            throw new DecodeException("json: cannot unmarshal into Go value of type map[string]interface {}");
        }
        ObjectNode object = root instanceof ObjectNode given
                ? given.deepCopy()
                : com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
        List<String> unknown = new ArrayList<>();
        schema.prune(object).forEach(path -> unknown.add("unknown field " + GoText.quote(path)));
        JsonNode metadata = object.get("metadata");
        if (metadata != null) {
            FieldSchema field = Objects.requireNonNull(schema.type().field("metadata"));
            object.set("metadata", TypedReader.readAt(metadata, field.type(), "metadata", unknown));
        }
        schema.applyDefaults(object);
        TypedReader.report(document.strictErrors(), unknown, validation, warnings);
        return object;
    }
}
