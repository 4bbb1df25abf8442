package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.function.Consumer;

/** What a client applies: YAML, of which JSON is a part. */
record Configuration(ObjectNode root, List<String> duplicates) {

    /** @throws StatusException 400 for what is no YAML, or no object */
    static Configuration parse(byte[] body) {
        try {
            var document = Yaml.parse(body);
            var root = document.root();
            if (root.isNull() || root.isMissingNode()) {
                root = JsonNodeFactory.instance.objectNode();
            }
            if (!(root instanceof ObjectNode object)) {
                throw StatusException.badRequest(
                        "error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                                + (root.isArray()
                                        ? "array"
                                        : root.isTextual() ? "string" : root.isNumber() ? "number" : "bool")
                                + " into Go value of type map[string]interface {}");
            }
            return new Configuration(object, document.strictErrors());
        } catch (DecodeException e) {
            throw StatusException.badRequest("error decoding YAML: error converting YAML to JSON: " + e.getMessage());
        }
    }

    /** Warns of what was said twice. @throws StatusException 400 where it is not to be taken */
    void tellDuplicates(FieldValidation validation, Consumer<String> warnings) {
        if (duplicates.isEmpty() || validation == FieldValidation.IGNORE) {
            return;
        }
        if (validation == FieldValidation.STRICT) {
            throw StatusException.badRequest(
                    "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  "
                            + String.join("\n  ", duplicates));
        }
        duplicates.forEach(warnings);
    }
}
