package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.pod.PodResizeValidation;
import io.pilothouse.apiserver.kinds.pod.PodStatus;
import io.pilothouse.apiserver.kinds.pod.PodStatusValidation;
import io.pilothouse.apiserver.kinds.pod.PodValidation;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.IpFormat;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The parts of a pod that are changed through a subresource of their own. */
final class PodViews {
    private PodViews() {}

    /** Makes the spec of a change the old one, but for what may change here. */
    private static void keepBut(ObjectNode object, ObjectNode old, ObjectNode newSpec) {
        StatusView.KEEPS_METADATA.restrict(object, old);
        copy(object, old, "status");
        object.set("spec", newSpec);
    }

    private static void copy(ObjectNode to, JsonNode from, String field) {
        var value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value.deepCopy());
        }
    }

    /** What a kubelet tells of a pod, or a controller of what becomes of it. */
    static final class Status implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
            copy(object.withObjectProperty("metadata"), old.path("metadata"), "ownerReferences");
            PodStatus.keep(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PodStatusValidation.check(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var warnings = new ArrayList<String>();
            for (String list : List.of("podIPs", "hostIPs")) {
                int index = 0;
                for (var address : object.path("status").path(list)) {
                    warnings.addAll(IpFormat.ipWarnings(
                            FieldPath.of("status", list).index(index++).child("ip"),
                            address.path("ip").asText("")));
                }
            }
            return warnings;
        }
    }

    /** Adding a container to debug a running pod. */
    static final class EphemeralContainers implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            var spec = (ObjectNode) old.path("spec").deepCopy();
            copy(spec, object.path("spec"), "ephemeralContainers");
            keepBut(object, old, spec);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            PodStatus.dropDisabled(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PodValidation.ephemeralContainers(object, old);
        }
    }

    /** Changing the resources of a running pod and its containers. */
    static final class Resize implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            var now = object.path("spec");
            var before = old.path("spec");
            for (String list : List.of("containers", "initContainers")) {
                if (now.path(list).size() != before.path(list).size()) {
                    // What cannot be compared is refused as it is.
                    return;
                }
            }
            var spec = (ObjectNode) before.deepCopy();
            copy(spec, now, "resources");
            for (String list : List.of("containers", "initContainers")) {
                resources(spec, list, now.path(list));
            }
            keepBut(object, old, spec);
        }

        /** Containers with other names are taken as they are, to be refused. */
        private static void resources(ObjectNode spec, String list, JsonNode containers) {
            for (int i = 0; i < containers.size(); i++) {
                var kept = (ObjectNode) spec.path(list).get(i);
                if (!kept.path("name").equals(containers.get(i).path("name"))) {
                    spec.set(list, containers);
                    return;
                }
                copy(kept, containers.get(i), "resources");
                copy(kept, containers.get(i), "resizePolicy");
            }
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            PodStatus.dropDisabled(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PodResizeValidation.check(object, old);
        }
    }
}
