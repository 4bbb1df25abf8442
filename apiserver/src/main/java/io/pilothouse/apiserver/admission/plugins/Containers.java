package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldPath;
import java.util.List;
import java.util.function.BiConsumer;

/** Visits the containers of a pod. */
final class Containers {
    /** In the order in which upstream visits all of them. */
    private static final List<String> ALL = List.of("initContainers", "containers", "ephemeralContainers");

    private Containers() {}

    static void each(JsonNode spec, FieldPath path, BiConsumer<ObjectNode, FieldPath> visitor) {
        for (String list : ALL) {
            int index = 0;
            for (var container : spec.path(list)) {
                var at = path.child(list).index(index++);
                if (container instanceof ObjectNode object) {
                    visitor.accept(object, at);
                }
            }
        }
    }
}
