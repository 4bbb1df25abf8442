package io.pilothouse.machinery.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.status.StatusException;
import java.util.Map;

/** JSON merge patches (RFC 7386). Stateless. */
public final class MergePatch {
    private MergePatch() {}

    /** Parses a patch, which must be an object; fails with a 400 Status, in the words of the reader that upstream uses for such a validation. */
    public static Document parse(byte[] body, FieldValidation validation) {
        try {
            Document document = Json.parse(body);
            if (document.root().isNull()) {
                throw StatusException.badRequest("Invalid JSON Patch");
            }
            if (!document.root().isObject()) {
                throw new DecodeException("json: cannot unmarshal " + JsonPatch.typeName(document.root())
                        + " into Go value of type map[string]interface {}");
            }
            return document;
        } catch (DecodeException e) {
            throw StatusException.badRequest(
                    validation == FieldValidation.IGNORE
                            ? "Invalid JSON Patch"
                            : "error decoding patch: " + e.getMessage());
        }
    }

    /** The patched document, a new tree. */
    public static ObjectNode apply(ObjectNode document, ObjectNode patch) {
        ObjectNode out = document.deepCopy();
        merge(out, patch);
        return out;
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> e : patch.properties()) {
            JsonNode value = e.getValue();
            if (value.isNull()) {
                target.remove(e.getKey());
            } else if (value instanceof ObjectNode object) {
                ObjectNode inner = target.get(e.getKey()) instanceof ObjectNode known
                        ? known
                        : JsonNodeFactory.instance.objectNode();
                merge(inner, object);
                target.set(e.getKey(), inner);
            } else {
                target.set(e.getKey(), value.deepCopy());
            }
        }
    }
}
