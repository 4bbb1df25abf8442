package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.function.Consumer;

/** Makes an object of a parsed body: what is unknown goes, values take their canonical form. Safe for use by many threads. */
@FunctionalInterface
public interface ObjectReader {
    /**
     * Reads a body; the document is not changed.
     *
     * @throws io.pilothouse.machinery.codec.DecodeException for values of a wrong kind
     * @throws io.pilothouse.machinery.codec.StrictDecodingException for what strict validation refuses
     */
    ObjectNode read(Document document, FieldValidation validation, Consumer<String> warnings);

    /** Reads by a type. */
    static ObjectReader typed(TypeSchema schema) {
        return (document, validation, warnings) -> TypedReader.read(document, schema, validation, warnings);
    }
}
