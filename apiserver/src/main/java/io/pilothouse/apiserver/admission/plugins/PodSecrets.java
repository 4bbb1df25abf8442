package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What of the API a pod refers to. */
final class PodSecrets {
    private static final Map<String, List<String>> OF_VOLUMES = Map.of(
            "azureFile", List.of("secretName"),
            "cephfs", List.of("secretRef", "name"),
            "cinder", List.of("secretRef", "name"),
            "flexVolume", List.of("secretRef", "name"),
            "rbd", List.of("secretRef", "name"),
            "secret", List.of("secretName"),
            "scaleIO", List.of("secretRef", "name"),
            "iscsi", List.of("secretRef", "name"),
            "storageos", List.of("secretRef", "name"),
            "csi", List.of("nodePublishSecretRef", "name"));
    private static final Map<String, String> BY_VOLUME = Map.of(
            "configMap", "configmaps (via configmap volumes)",
            "secret", "secrets (via secret volumes)",
            "csi", "csidrivers (via CSI volumes)",
            "glusterfs", "endpoints (via glusterFS volumes)",
            "persistentVolumeClaim", "persistentvolumeclaims",
            "ephemeral", "persistentvolumeclaims (via ephemeral volumes)",
            "azureFile", "secrets (via azureFile volumes)");
    private static final Map<String, String> BY_PROJECTION = Map.of(
            "configMap", "configmaps (via projected volumes)",
            "secret", "secrets (via projected volumes)",
            "serviceAccountToken", "serviceaccounts (via projected volumes)",
            "clusterTrustBundle", "clustertrustbundles",
            "podCertificate", "podcertificates");

    private PodSecrets() {}

    /** The names of all secrets of a pod. */
    static List<String> names(JsonNode spec) {
        List<String> out = new ArrayList<>();
        spec.path("imagePullSecrets").forEach(s -> add(s.path("name"), out));
        Containers.each(spec, FieldPath.of("spec"), (container, path) -> ofContainer(container, "secret", out));
        for (var volume : spec.path("volumes")) {
            OF_VOLUMES.forEach((source, steps) -> {
                var at = volume.path(source);
                for (String step : steps) {
                    at = at.path(step);
                }
                add(at, out);
            });
            volume.path("projected")
                    .path("sources")
                    .forEach(s -> add(s.path("secret").path("name"), out));
        }
        return out;
    }

    private static void add(JsonNode name, List<String> out) {
        if (!name.asText("").isEmpty()) {
            out.add(name.asText());
        }
    }

    private static void ofContainer(ObjectNode container, String what, List<String> out) {
        container.path("envFrom").forEach(e -> add(e.path(what + "Ref").path("name"), out));
        container
                .path("env")
                .forEach(e -> add(e.path("valueFrom").path(what + "KeyRef").path("name"), out));
    }

    /** What a pod needs of the API, in the words that refuse it to one that may need nothing; empty for nothing. */
    static String reference(JsonNode spec) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            return "serviceaccounts";
        }
        if (!names(spec).isEmpty()) {
            return "secrets";
        }
        List<String> maps = new ArrayList<>();
        Containers.each(spec, FieldPath.of("spec"), (container, path) -> ofContainer(container, "configMap", maps));
        spec.path("volumes").forEach(v -> {
            add(v.path("configMap").path("name"), maps);
            v.path("projected")
                    .path("sources")
                    .forEach(s -> add(s.path("configMap").path("name"), maps));
        });
        if (!maps.isEmpty()) {
            return "configmaps";
        }
        if (!spec.path("resourceClaims").isEmpty()) {
            return "resourceclaims";
        }
        for (var volume : spec.path("volumes")) {
            String found = firstOf(volume, BY_VOLUME);
            for (var source : volume.path("projected").path("sources")) {
                found = found.isEmpty() ? firstOf(source, BY_PROJECTION) : found;
            }
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }

    private static String firstOf(JsonNode holder, Map<String, String> words) {
        for (var field : holder.properties()) {
            String found = words.get(field.getKey());
            if (found != null && field.getValue().isObject()) {
                return found;
            }
        }
        return "";
    }
}
