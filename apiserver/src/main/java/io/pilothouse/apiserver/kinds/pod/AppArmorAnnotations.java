package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Annotations that chose AppArmor profiles before there was a field for them: copied into the fields of new pods. */
final class AppArmorAnnotations {
    private static final String LOCALHOST = "localhost/";

    private AppArmorAnnotations() {}

    static void copyToFields(ObjectNode pod) {
        if (isForWindows(pod)) {
            return;
        }
        var ofPod = pod.path("spec").path("securityContext").path("appArmorProfile");
        Containers.change(pod.path("spec"), container -> {
            if (!container.path("securityContext").has("appArmorProfile")) {
                profile(pod, container)
                        .filter(profile -> !profile.equals(ofPod))
                        .ifPresent(profile ->
                                container.withObjectProperty("securityContext").set("appArmorProfile", profile));
            }
        });
    }

    /** What the maker of a pod is told whose annotations chose a profile. */
    static List<String> warnings(JsonNode pod) {
        var warnings = new ArrayList<String>();
        if (isForWindows(pod)) {
            return warnings;
        }
        var ofPod = pod.path("spec").path("securityContext").path("appArmorProfile");
        for (var container : Containers.nodes(pod.path("spec"))) {
            var annotation = annotation(pod, container);
            if (annotation.isMissingNode()) {
                continue;
            }
            var wanted = profile(pod, container);
            var own = container.path("securityContext").path("appArmorProfile");
            boolean copied = wanted.isPresent() && own.equals(wanted.get()) && !own.equals(ofPod);
            if (copied || (wanted.isEmpty() && own.isMissingNode())) {
                warnings.add("metadata.annotations[" + key(container)
                        + "]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }
        return warnings;
    }

    private static boolean isForWindows(JsonNode pod) {
        return pod.path("spec").path("os").path("name").asText("").equals("windows");
    }

    static String key(JsonNode container) {
        return ProfileRules.APP_ARMOR + container.path("name").asText("");
    }

    private static JsonNode annotation(JsonNode pod, JsonNode container) {
        return pod.path("metadata").path("annotations").path(key(container));
    }

    private static Optional<JsonNode> profile(JsonNode pod, JsonNode container) {
        return profile(annotation(pod, container).asText(""));
    }

    /** The profile that an annotation means; empty for none that is right. */
    static Optional<JsonNode> profile(String annotation) {
        var profile = JsonNodeFactory.instance.objectNode();
        if (annotation.equals("unconfined")) {
            return Optional.of(profile.put("type", "Unconfined"));
        }
        if (annotation.equals("runtime/default")) {
            return Optional.of(profile.put("type", "RuntimeDefault"));
        }
        String file = annotation.startsWith(LOCALHOST) ? annotation.substring(LOCALHOST.length()) : "";
        return file.isEmpty() || !file.strip().equals(file)
                ? Optional.empty()
                : Optional.of(profile.put("type", "Localhost").put("localhostProfile", file));
    }
}
