package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a pod's spec that can be changed through a subresource of their own. */
final class PodViews {
    private PodViews() {}

    /** Keeps everything of the old object but one change of the spec. */
    private static void keepBut(ObjectNode object, ObjectNode old, String field) {
        var wanted = object.path("spec").get(field);
        for (String part : List.of("spec", "status")) {
            var kept = old.get(part);
            if (kept == null) {
                object.remove(part);
            } else {
                object.set(part, kept.deepCopy());
            }
        }
        if (wanted != null) {
            object.withObjectProperty("spec").set(field, wanted);
        }
    }

    /** Adding a container to debug a running pod. */
    static final class EphemeralContainers implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            keepBut(object, old, "ephemeralContainers");
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var path = FieldPath.of("spec", "ephemeralContainers");
            var now = object.path("spec").path("ephemeralContainers");
            for (JsonNode before : old.path("spec").path("ephemeralContainers")) {
                var same = named(now, before.path("name").asText());
                if (same == null) {
                    errors.add(FieldError.forbidden(
                            path,
                            "existing ephemeral containers \""
                                    + before.path("name").asText() + "\" may not be removed\n"));
                } else if (!same.equals(before)) {
                    errors.add(FieldError.forbidden(
                            path,
                            "existing ephemeral containers \""
                                    + before.path("name").asText() + "\" may not be changed\n"));
                }
            }
            return errors;
        }

        private static @Nullable JsonNode named(JsonNode containers, String name) {
            for (var container : containers) {
                if (container.path("name").asText().equals(name)) {
                    return container;
                }
            }
            return null;
        }
    }

    /** Changing the resources of a running pod's containers. */
    static final class Resize implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            keepBut(object, old, "containers");
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var now = withoutResources(object.path("spec").path("containers"));
            var before = withoutResources(old.path("spec").path("containers"));
            return now.equals(before)
                    ? List.of()
                    : List.of(FieldError.forbidden(FieldPath.of("spec"), "only cpu and memory resources are mutable"));
        }

        private static JsonNode withoutResources(JsonNode containers) {
            var copy = containers.deepCopy();
            copy.forEach(container -> {
                ((ObjectNode) container).remove("resources");
                ((ObjectNode) container).remove("resizePolicy");
            });
            return copy;
        }
    }
}
