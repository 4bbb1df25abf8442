package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.patch.MergePatch;
import io.pilothouse.machinery.patch.StrategicMergePatch;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.function.BiFunction;

/**
 * A parsed patch of one of the three kinds that say what to change.
 *
 * @param strictErrors what strict field validation finds in the patch itself
 */
record Patch(BiFunction<ObjectNode, TypeSchema, JsonNode> change, List<String> strictErrors) {
    /** @throws io.pilothouse.machinery.status.StatusException 400 for what is no patch */
    static Patch parse(String type, byte[] body) {
        return switch (type) {
            case PatchEndpoint.JSON_PATCH -> {
                var patch = JsonPatch.parse(body);
                yield new Patch((object, schema) -> patch.apply(object), List.of());
            }
            case PatchEndpoint.MERGE_PATCH -> {
                var patch = MergePatch.parse(body);
                yield new Patch(
                        (object, schema) -> MergePatch.apply(object, (ObjectNode) patch.root()), patch.strictErrors());
            }
            default -> {
                var patch = StrategicMergePatch.parse(body);
                yield new Patch(
                        (object, schema) -> StrategicMergePatch.apply(object, (ObjectNode) patch.root(), schema),
                        patch.strictErrors());
            }
        };
    }

    /** @throws io.pilothouse.machinery.status.StatusException 422 where it does not fit the object */
    JsonNode apply(ObjectNode object, TypeSchema schema) {
        return change.apply(object, schema);
    }
}
