package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.StructProblems;
import io.pilothouse.machinery.gotext.GoMap;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.patch.JsonPatch;
import io.pilothouse.machinery.patch.MergePatch;
import io.pilothouse.machinery.patch.StrategicMergePatch;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A parsed patch of one of the three kinds that say what to change. */
sealed interface Patch {

    /** @throws io.pilothouse.machinery.status.StatusException 400 for what is no patch */
    static Patch parse(String type, byte[] body, FieldValidation validation) {
        return switch (type) {
            case PatchEndpoint.JSON_PATCH -> new Operations(JsonPatch.parse(body, validation));
            case PatchEndpoint.MERGE_PATCH -> new Merge(MergePatch.parse(body, validation));
            default -> new Strategic(StrategicMergePatch.parse(body));
        };
    }

    /** The patched tree. @throws io.pilothouse.machinery.status.StatusException where the patch does not fit the object */
    JsonNode change(ObjectNode object, TypeSchema schema);

    /** What strict field validation finds in the patch itself. */
    List<String> strictErrors();

    /** What a client is shown when the patched object cannot be read. */
    String shown(JsonNode original, JsonNode patched, boolean builtIn);

    /**
     * Patches an object of a version and reads the result.
     *
     * @param known which other kinds there are
     * @throws io.pilothouse.machinery.status.StatusException 422 if the result is no object of the version
     */
    default ObjectNode apply(
            ObjectNode object,
            ServedVersion version,
            Predicate<GroupVersionKind> known,
            FieldValidation validation,
            Consumer<String> warnings) {
        var patched = change(object, version.schema());
        return BodyReader.patched(
                new Document(patched, strictErrors()),
                () -> shown(object, patched, known.test(version.kind())),
                problem -> explain(problem, patched, version),
                version,
                known,
                validation,
                warnings);
    }

    /** The words for a problem that the reader has found. */
    default String explain(String problem, JsonNode patched, ServedVersion version) {
        return problem;
    }

    /** A JSON patch. */
    record Operations(JsonPatch patch) implements Patch {
        @Override
        public JsonNode change(ObjectNode object, TypeSchema schema) {
            return patch.apply(object);
        }

        @Override
        public List<String> strictErrors() {
            return patch.strictErrors();
        }

        @Override
        public String shown(JsonNode original, JsonNode patched, boolean builtIn) {
            return Touched.text(original, patched, builtIn);
        }
    }

    /** A merge patch. */
    record Merge(Document patch) implements Patch {
        @Override
        public JsonNode change(ObjectNode object, TypeSchema schema) {
            return MergePatch.apply(object, (ObjectNode) patch.root());
        }

        @Override
        public List<String> strictErrors() {
            return patch.strictErrors();
        }

        @Override
        public String shown(JsonNode original, JsonNode patched, boolean builtIn) {
            return Touched.text(original, patched, builtIn);
        }
    }

    /** A strategic merge patch. */
    record Strategic(Document patch) implements Patch {
        @Override
        public JsonNode change(ObjectNode object, TypeSchema schema) {
            return StrategicMergePatch.apply(object, (ObjectNode) patch.root(), schema);
        }

        @Override
        public List<String> strictErrors() {
            return patch.strictErrors();
        }

        @Override
        public String shown(JsonNode original, JsonNode patched, boolean builtIn) {
            return GoMap.print(patch.root());
        }

        @Override
        public String explain(String problem, JsonNode patched, ServedVersion version) {
            return StructProblems.find(patched, version.schema()).orElse(problem);
        }
    }

    /** JSON as upstream's library leaves it: members of what it looked into are sorted, the rest is as it was. */
    final class Touched {
        private Touched() {}

        static String text(JsonNode original, JsonNode patched, boolean builtIn) {
            return Json.text(builtIn ? sorted(original, patched, true) : Json.sorted(patched));
        }

        private static JsonNode sorted(JsonNode original, JsonNode patched, boolean looked) {
            if (!(patched instanceof ObjectNode object) || (!looked && patched.equals(original))) {
                return patched;
            }
            var out = object.objectNode();
            object.properties().stream()
                    .sorted(java.util.Map.Entry.comparingByKey())
                    .forEach(e -> out.set(e.getKey(), sorted(original.path(e.getKey()), e.getValue(), false)));
            return out;
        }
    }
}
