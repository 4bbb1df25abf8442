package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What a pod names, and so lets its node read. A mirror pod names nothing: it is the node that made it. */
final class PodReferences {
    private static final List<String> CONTAINERS = List.of("initContainers", "containers", "ephemeralContainers");
    /** Volume sources that have their secret in secretRef. */
    private static final List<String> BY_REFERENCE =
            List.of("cephfs", "cinder", "flexVolume", "rbd", "scaleIO", "iscsi", "storageos");

    private static final List<String> CSI_OF_NODES =
            List.of("nodePublishSecretRef", "nodeStageSecretRef", "nodeExpandSecretRef");

    private PodReferences() {}

    static boolean isMirror(ObjectNode pod) {
        return pod.path("metadata").path("annotations").has("kubernetes.io/config.mirror");
    }

    static Set<String> secrets(ObjectNode pod) {
        return collect(pod, (spec, found) -> {
            spec.path("imagePullSecrets").forEach(reference -> found.accept(reference.path("name")));
            environment(spec, "secretRef", "secretKeyRef", found);
            spec.path("volumes").forEach(volume -> {
                found.accept(volume.path("secret").path("secretName"));
                found.accept(volume.path("azureFile").path("secretName"));
                found.accept(volume.path("csi").path("nodePublishSecretRef").path("name"));
                BY_REFERENCE.forEach(source ->
                        found.accept(volume.path(source).path("secretRef").path("name")));
                projected(volume, "secret", found);
            });
        });
    }

    static Set<String> configMaps(ObjectNode pod) {
        return collect(pod, (spec, found) -> {
            environment(spec, "configMapRef", "configMapKeyRef", found);
            spec.path("volumes").forEach(volume -> {
                found.accept(volume.path("configMap").path("name"));
                projected(volume, "configMap", found);
            });
        });
    }

    static Set<String> claims(ObjectNode pod) {
        return collect(
                pod,
                (spec, found) -> spec.path("volumes").forEach(volume -> {
                    found.accept(volume.path("persistentVolumeClaim").path("claimName"));
                    if (volume.path("ephemeral").isObject()) {
                        found.accept(
                                pod.textNode(pod.path("metadata").path("name").asText() + "-"
                                        + volume.path("name").asText()));
                    }
                }));
    }

    /** Claims of devices: those that are named, and those that were made of templates, by the status. */
    static Set<String> resourceClaims(ObjectNode pod) {
        return collect(pod, (spec, found) -> {
            spec.path("resourceClaims").forEach(claim -> found.accept(claim.path("resourceClaimName")));
            var status = pod.path("status");
            status.path("resourceClaimStatuses").forEach(claim -> found.accept(claim.path("resourceClaimName")));
            found.accept(status.path("extendedResourceClaimStatus").path("resourceClaimName"));
        });
    }

    /** Whether a volume needs a secret on the node. One without a namespace is of the claim's. */
    static boolean names(ObjectNode volume, String namespace, String name) {
        var spec = volume.path("spec");
        String own = spec.path("claimRef").path("namespace").asText("");
        var azure = spec.path("azureFile");
        return Stream.concat(
                                BY_REFERENCE.stream()
                                        .map(source -> spec.path(source).path("secretRef")),
                                CSI_OF_NODES.stream()
                                        .map(reference -> spec.path("csi").path(reference)))
                        .anyMatch(reference -> is(reference, "name", "namespace", own, namespace, name))
                || is(azure, "secretName", "secretNamespace", own, namespace, name);
    }

    private static boolean is(
            JsonNode reference, String nameField, String namespaceField, String own, String namespace, String name) {
        String there = reference.path(namespaceField).asText("");
        return reference.path(nameField).asText("").equals(name) && (there.isEmpty() ? own : there).equals(namespace);
    }

    @FunctionalInterface
    private interface Visit {
        void names(JsonNode spec, Consumer<JsonNode> found);
    }

    private static Set<String> collect(ObjectNode pod, Visit visit) {
        var names = new HashSet<String>();
        if (!isMirror(pod)) {
            visit.names(pod.path("spec"), name -> {
                if (!name.asText("").isEmpty()) {
                    names.add(name.asText());
                }
            });
        }
        return names;
    }

    private static void environment(JsonNode spec, String all, String one, Consumer<JsonNode> found) {
        CONTAINERS.stream()
                .flatMap(field -> StreamSupport.stream(spec.path(field).spliterator(), false))
                .forEach(container -> {
                    container
                            .path("envFrom")
                            .forEach(from -> found.accept(from.path(all).path("name")));
                    container
                            .path("env")
                            .forEach(variable -> found.accept(
                                    variable.path("valueFrom").path(one).path("name")));
                });
    }

    private static void projected(JsonNode volume, String kind, Consumer<JsonNode> found) {
        volume.path("projected")
                .path("sources")
                .forEach(source -> found.accept(source.path(kind).path("name")));
    }
}
