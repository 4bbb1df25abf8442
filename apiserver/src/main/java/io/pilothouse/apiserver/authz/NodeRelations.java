package io.pilothouse.apiserver.authz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a node has to do with: the pods that are bound to it, what they name, and what is reached from there. Each question is put to the cache, and,
 * where that would say no, to etcd: a node asks as soon as it is told of a pod, which may be before this server's cache has seen that it was bound.
 */
final class NodeRelations {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource CLAIMS = new GroupResource("", "persistentvolumeclaims");
    private static final GroupResource VOLUMES = new GroupResource("", "persistentvolumes");
    private static final GroupResource ATTACHMENTS = new GroupResource("storage.k8s.io", "volumeattachments");
    private static final GroupResource SLICES = new GroupResource("resource.k8s.io", "resourceslices");

    private final ClusterView cluster;

    NodeRelations(ClusterView cluster) {
        this.cluster = cluster;
    }

    boolean pod(String node, String namespace, String name) {
        return isOf(PODS, namespace, name, node);
    }

    boolean secret(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.secrets(pod).contains(name))
                || volumesSecret(node, namespace, name, false)
                || volumesSecret(node, namespace, name, true);
    }

    boolean configMap(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.configMaps(pod).contains(name));
    }

    boolean claim(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.claims(pod).contains(name));
    }

    boolean resourceClaim(String node, String namespace, String name) {
        return anyPod(node, namespace, pod -> PodReferences.resourceClaims(pod).contains(name));
    }

    boolean serviceAccount(String node, String namespace, String name) {
        return anyPod(
                node,
                namespace,
                pod -> !PodReferences.isMirror(pod)
                        && pod.path("spec")
                                .path("serviceAccountName")
                                .asText("")
                                .equals(name));
    }

    boolean volume(String node, String name) {
        return cluster.find(VOLUMES, "", name)
                .or(() -> cluster.findNow(VOLUMES, "", name))
                .map(volume -> volume.path("spec").path("claimRef"))
                .filter(claim -> claim(
                        node,
                        claim.path("namespace").asText(""),
                        claim.path("name").asText("")))
                .isPresent();
    }

    boolean volumeAttachment(String node, String name) {
        return isOf(ATTACHMENTS, "", name, node);
    }

    boolean resourceSlice(String node, String name) {
        return isOf(SLICES, "", name, node);
    }

    private boolean isOf(GroupResource resource, String namespace, String name, String node) {
        Predicate<ObjectNode> own =
                object -> object.path("spec").path("nodeName").asText("").equals(node);
        return cluster.find(resource, namespace, name).filter(own).isPresent()
                || cluster.findNow(resource, namespace, name).filter(own).isPresent();
    }

    private boolean anyPod(String node, String namespace, Predicate<ObjectNode> refers) {
        return cluster.listBy(PODS, namespace, "spec.nodeName", node).stream().anyMatch(refers)
                || cluster.listByNow(PODS, namespace, "spec.nodeName", node).stream()
                        .anyMatch(refers);
    }

    /** Whether a volume that a pod's claim is bound to names the secret, which may be of another namespace than the pod. */
    private boolean volumesSecret(String node, String namespace, String name, boolean now) {
        var pods = now
                ? cluster.listByNow(PODS, "", "spec.nodeName", node)
                : cluster.listBy(PODS, "", "spec.nodeName", node);
        return pods.stream()
                .anyMatch(pod -> PodReferences.claims(pod).stream()
                        .flatMap(claim -> volumeOf(ObjectMeta.namespace(pod), claim, now).stream())
                        .anyMatch(volume -> PodReferences.names(volume, namespace, name)));
    }

    private Optional<ObjectNode> volumeOf(String namespace, String claim, boolean now) {
        var found = now ? cluster.findNow(CLAIMS, namespace, claim) : cluster.find(CLAIMS, namespace, claim);
        return found.map(object -> object.path("spec").path("volumeName").asText(""))
                .filter(volume -> !volume.isEmpty())
                .flatMap(volume -> now ? cluster.findNow(VOLUMES, "", volume) : cluster.find(VOLUMES, "", volume))
                .filter(volume -> {
                    var reference = volume.path("spec").path("claimRef");
                    return reference.path("namespace").asText("").equals(namespace)
                            && reference.path("name").asText("").equals(claim);
                });
    }
}
