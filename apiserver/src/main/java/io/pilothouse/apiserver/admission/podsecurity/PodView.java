package io.pilothouse.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A pod, or a template of pods, as checks look at it: any object with metadata and spec. */
record PodView(JsonNode pod) {
    JsonNode spec() {
        return pod.path("spec");
    }

    Map<String, String> annotations() {
        return ObjectMeta.annotations(pod);
    }

    List<JsonNode> containers() {
        List<JsonNode> out = new ArrayList<>();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            spec().path(list).forEach(out::add);
        }
        return out;
    }

    /** The names of the containers that a condition holds for. */
    List<String> containers(Predicate<JsonNode> condition) {
        return containers().stream()
                .filter(condition)
                .map(c -> c.path("name").asText(""))
                .toList();
    }

    boolean isForWindows() {
        return spec().path("os").path("name").asText("").equals("windows");
    }

    /** Whether the pod has users of its own, so that its root is nobody outside. */
    boolean hasOwnUsers() {
        return !spec().path("hostUsers").asBoolean(true);
    }

    static String quoted(Collection<String> items) {
        return items.isEmpty() ? "" : "\"" + String.join("\", \"", items) + "\"";
    }

    static String plural(String one, String many, int count) {
        return count == 1 ? one : many;
    }

    /** {@code container "a"} or {@code containers "a", "b"}. */
    static String named(List<String> containers) {
        return plural("container", "containers", containers.size()) + " " + quoted(containers);
    }
}
