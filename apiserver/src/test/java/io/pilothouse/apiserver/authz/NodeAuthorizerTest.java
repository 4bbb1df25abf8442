package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.apiserver.catalog.ClusterOf;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the node "a" may; the pod "p" of namespace "ns" is bound to it, and "q" to "b". */
class NodeAuthorizerTest {
    private static final UserInfo NODE = UserInfo.of("system:node:a", "system:nodes");
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final ClusterOf CLUSTER = new ClusterOf()
            .with(PODS, """
                    {"metadata": {"name": "p", "namespace": "ns"}, "spec": {"nodeName": "a", "serviceAccountName": "account",
                      "imagePullSecrets": [{"name": "pull"}],
                      "initContainers": [{"env": [{"name": "E", "valueFrom": {"secretKeyRef": {"name": "key", "key": "k"}}}]}],
                      "containers": [{"envFrom": [{"secretRef": {"name": "all"}}, {"configMapRef": {"name": "map"}}]}],
                      "volumes": [{"name": "one", "secret": {"secretName": "mounted"}},
                        {"name": "two", "projected": {"sources": [{"secret": {"name": "projected"}}, {"configMap": {"name": "part"}}]}},
                        {"name": "three", "persistentVolumeClaim": {"claimName": "claim"}}, {"name": "four", "ephemeral": {}}],
                      "resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": "t"}]},
                     "status": {"resourceClaimStatuses": [{"name": "gpu", "resourceClaimName": "p-gpu-x"}]}}""")
            .with(PODS, """
                    {"metadata": {"name": "q", "namespace": "ns"}, "spec": {"nodeName": "b", "serviceAccountName": "others",
                      "volumes": [{"name": "one", "secret": {"secretName": "theirs"}}]}}""")
            .with(PODS, """
                    {"metadata": {"name": "m", "namespace": "ns", "annotations": {"kubernetes.io/config.mirror": "x"}},
                     "spec": {"nodeName": "a", "serviceAccountName": "mirrored", "volumes": [{"secret": {"secretName": "wanted"}}]}}""")
            .withUnseen(PODS, """
                    {"metadata": {"name": "new", "namespace": "ns"}, "spec": {"nodeName": "a", "serviceAccountName": "fresh"}}""")
            .with(new GroupResource("", "persistentvolumeclaims"), """
                    {"metadata": {"name": "claim", "namespace": "ns"}, "spec": {"volumeName": "volume"}}""")
            .with(new GroupResource("", "persistentvolumes"), """
                    {"metadata": {"name": "volume"}, "spec": {"claimRef": {"namespace": "ns", "name": "claim"},
                      "csi": {"nodeStageSecretRef": {"namespace": "storage", "name": "stage"},
                              "controllerExpandSecretRef": {"namespace": "storage", "name": "expand"}}}}""")
            .with(new GroupResource("", "persistentvolumes"), """
                    {"metadata": {"name": "free"}, "spec": {}}""")
            .with(new GroupResource("storage.k8s.io", "volumeattachments"), """
                    {"metadata": {"name": "attached"}, "spec": {"nodeName": "a"}}""")
            .with(new GroupResource("storage.k8s.io", "volumeattachments"), """
                    {"metadata": {"name": "elsewhere"}, "spec": {"nodeName": "b"}}""")
            .with(new GroupResource("resource.k8s.io", "resourceslices"), """
                    {"metadata": {"name": "slice"}, "spec": {"nodeName": "a"}}""");

    private static Decision decide(Attributes attributes) {
        return new NodeAuthorizer(CLUSTER, List.of()).authorize(attributes);
    }

    private static Attributes resource(String verb, String path, String namespace, String name) {
        var parts = path.split("/", -1);
        return Attributes.resource(
                NODE, verb, parts[0], parts[1], parts.length > 2 ? parts[2] : "", namespace, name == null ? "" : name);
    }

    @ParameterizedTest
    @CsvSource({
        "get, /secrets, ns, pull",
        "watch, /secrets, ns, key",
        "list, /secrets, ns, all",
        "get, /secrets, ns, mounted",
        "get, /secrets, ns, projected",
        "get, /secrets, storage, stage",
        "get, /configmaps, ns, map",
        "get, /configmaps, ns, part",
        "get, /persistentvolumeclaims, ns, claim",
        "get, /persistentvolumeclaims, ns, p-four",
        "patch, /persistentvolumeclaims/status, ns, claim",
        "get, /persistentvolumes, '', volume",
        "get, /serviceaccounts, ns, account",
        "create, /serviceaccounts/token, ns, account",
        "create, /serviceaccounts/token, ns, fresh",
        "get, resource.k8s.io/resourceclaims, ns, p-gpu-x",
        "get, storage.k8s.io/volumeattachments, '', attached",
        "get, resource.k8s.io/resourceslices, '', slice",
        "create, resource.k8s.io/resourceslices, '', ",
        "get, /pods, ns, p",
        "get, /pods, ns, new",
        "watch, /pods, ns, p",
        "delete, /pods, ns, q",
        "patch, /pods/status, ns, p",
        "create, /pods/eviction, ns, p",
        "get, /nodes, '', a",
        "watch, /nodes, '', a",
        "create, /nodes, '', ",
        "patch, /nodes/status, '', a",
        "update, coordination.k8s.io/leases, kube-node-lease, a",
        "create, coordination.k8s.io/leases, kube-node-lease, ",
        "patch, storage.k8s.io/csinodes, '', a"
    })
    void allowsWhatIsTheNodesOwn(String verb, String path, String namespace, String name) {
        assertThat(decide(resource(verb, path, namespace, name)).allowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "get, /secrets, ns, theirs, no relationship found between node 'a' and this object",
        "get, /secrets, ns, wanted, no relationship found between node 'a' and this object",
        "get, /secrets, other, mounted, no relationship found between node 'a' and this object",
        "get, /secrets, storage, expand, no relationship found between node 'a' and this object",
        "list, /secrets, ns, , No Object name found",
        "list, /secrets, '', , can only read namespaced object of this type",
        "update, /secrets, ns, pull, can only read resources of this type",
        "list, /persistentvolumes, '', , can only get individual resources of this type",
        "get, /persistentvolumes, '', free, no relationship found between node 'a' and this object",
        "get, /persistentvolumeclaims/status, ns, claim, can only get/update/patch this type",
        "create, /serviceaccounts/token, ns, others, no relationship found between node 'a' and this object",
        "create, /serviceaccounts/token, ns, mirrored, no relationship found between node 'a' and this object",
        "create, /serviceaccounts, ns, account, can only create token subresource of serviceaccount",
        "list, /serviceaccounts, ns, , can only create tokens for individual service accounts",
        "get, storage.k8s.io/volumeattachments, '', elsewhere, no relationship found between node 'a' and this object",
        "get, /pods, ns, q, no relationship found between node 'a' and this object",
        "get, /pods/log, ns, p, ''",
        "list, /pods, '', , can only list/watch pods with spec.nodeName field selector",
        "patch, /pods, ns, p, ''",
        "get, /nodes, '', b, 'node ''a'' cannot read ''b'', only its own Node object'",
        "list, /nodes, '', , 'node ''a'' cannot read all nodes, only its own Node object'",
        "delete, /nodes, '', a, ''",
        "list, resource.k8s.io/resourceslices, '', , can only list/watch/deletecollection resourceslices with nodeName field selector",
        "get, coordination.k8s.io/leases, kube-node-lease, b, can only access node lease with the same name as the requesting node",
        "get, coordination.k8s.io/leases, ns, a, 'can only access leases in the \"kube-node-lease\" system namespace'",
        "list, coordination.k8s.io/leases, kube-node-lease, , 'can only get, create, update, patch, or delete a node lease'",
        "get, storage.k8s.io/csinodes, '', b, can only access CSINode with the same name as the requesting node",
        "get, certificates.k8s.io/podcertificaterequests, ns, x, ''"
    })
    void hasNoOpinionOnTheRest(String verb, String path, String namespace, String name, String reason) {
        var decision = decide(resource(verb, path, namespace, name));
        assertThat(decision.kind()).isEqualTo(Decision.Kind.NO_OPINION);
        assertThat(decision.reason()).isEqualTo(reason);
    }

    @Test
    void allowsListsAndWatchesThatAreLimitedToTheNode() {
        var own = SelectorTerms.ofFields("spec.nodeName=a,status.phase!=Failed");
        var others = SelectorTerms.ofFields("spec.nodeName=b");
        var notOwn = SelectorTerms.ofFields("spec.nodeName!=a");
        var pods = resource("watch", "/pods", "", "");
        assertThat(decide(pods.selecting("v1", own, SelectorTerms.NONE)).allowed())
                .isTrue();
        assertThat(decide(pods.selecting("v1", others, SelectorTerms.NONE)).allowed())
                .isFalse();
        assertThat(decide(pods.selecting("v1", notOwn, SelectorTerms.NONE)).allowed())
                .isFalse();
        var slices = resource("deletecollection", "resource.k8s.io/resourceslices", "", "");
        assertThat(decide(slices.selecting("v1", own, SelectorTerms.NONE)).allowed())
                .isTrue();
    }

    @Test
    void asksForANameAndTheGroupOfNodes() {
        var nameless = UserInfo.of("system:node:", "system:nodes");
        var alone = UserInfo.of("system:node:a");
        assertThat(decide(Attributes.resource(nameless, "get", "", "nodes", "", "", "a"))
                        .reason())
                .isEqualTo("unknown node for user \"system:node:\"");
        assertThat(decide(Attributes.resource(alone, "get", "", "nodes", "", "", "a"))
                        .allowed())
                .isFalse();
    }
}
