package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Walks through all containers of a pod's spec, in upstream's order: init, regular, ephemeral ones. */
public final class Containers {
    private static final List<String> LISTS = List.of("initContainers", "containers", "ephemeralContainers");

    private Containers() {}

    public static List<JsonNode> nodes(JsonNode spec) {
        var all = new ArrayList<JsonNode>();
        LISTS.forEach(list -> spec.path(list).forEach(all::add));
        return all;
    }

    static void change(JsonNode spec, Consumer<ObjectNode> visitor) {
        nodes(spec).forEach(c -> visitor.accept((ObjectNode) c));
    }

    static List<Field> fields(Field spec) {
        var all = new ArrayList<Field>();
        LISTS.forEach(list -> all.addAll(spec.child(list).items()));
        return all;
    }

    /** Whether an init container runs on beside the regular ones. */
    public static boolean isSidecar(JsonNode initContainer) {
        return initContainer.path("restartPolicy").asText("").equals("Always");
    }
}
