package io.pilothouse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Claims that wait for their first consumer, against a real API server and the binder of the controllers. The test is the provisioner. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WaitingVolumesIT {
    private static final String SELECTED = "volume.kubernetes.io/selected-node";

    private SchedulerCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new SchedulerCluster(directory);
        cluster.node("node-a", "z-a", "4");
        cluster.node("node-b", "z-b", "4");
        storageClass("local", "kubernetes.io/no-provisioner", "WaitForFirstConsumer", "");
        storageClass(
                "made",
                "example.com/maker",
                "WaitForFirstConsumer",
                "allowedTopologies: [{matchLabelExpressions: [{key: topology.kubernetes.io/zone, values: [z-b]}]}]");
        storageClass("soon", "example.com/maker", "Immediate", "");
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private void storageClass(String name, String provisioner, String mode, String more) {
        cluster.make("""
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: %s}
                provisioner: %s
                volumeBindingMode: %s
                %s
                """.formatted(name, provisioner, mode, more));
    }

    private void volume(String name, String storageClass, String node, String more) {
        cluster.make(volumeText(name, storageClass, node, more));
    }

    private static String volumeText(String name, String storageClass, String node, String more) {
        return """
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %s, annotations: {pv.kubernetes.io/provisioned-by: example.com/maker}}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: %s
                  persistentVolumeReclaimPolicy: Retain
                  hostPath: {path: /srv/data}
                  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [%s]}]}]}}
                  %s
                """.formatted(name, storageClass, node, more);
    }

    private void claim(String namespace, String name, String storageClass) {
        cluster.make(claimText(namespace, name, storageClass));
    }

    private static String claimText(String namespace, String name, String storageClass) {
        return """
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: %s, namespace: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: %s}
                """.formatted(name, namespace, storageClass);
    }

    private PersistentVolumeClaim claim(String namespace, String name) {
        return cluster.client()
                .persistentVolumeClaims()
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    private void pod(String namespace, String name, String claim) {
        cluster.make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s}
                spec:
                  containers: [{name: c, image: i}]
                  volumes: [{name: v, persistentVolumeClaim: {claimName: %s}}]
                """.formatted(name, namespace, claim));
    }

    private void complains(String namespace, String name, String message) {
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.complaint(namespace, name)).startsWith(message));
    }

    private Optional<String> selected(String namespace, String name) {
        return Optional.ofNullable(Objects.requireNonNullElse(
                        claim(namespace, name).getMetadata().getAnnotations(), Map.<String, String>of())
                .get(SELECTED));
    }

    @Test
    void podsGoWhereTheirVolumesAreAndGetOneEach() {
        cluster.namespace("static");
        for (String name : new String[] {"one", "two"}) {
            claim("static", name, "local");
            pod("static", name, name);
        }
        complains(
                "static",
                "one",
                "0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.");
        volume("local-1", "local", "node-b", "");
        volume("local-2", "local", "node-a", "");
        var nodes = new String[] {cluster.placed("static", "one"), cluster.placed("static", "two")};
        assertThat(nodes).containsExactlyInAnyOrder("node-a", "node-b");
        var bound = new String[] {
            claim("static", "one").getSpec().getVolumeName(),
            claim("static", "two").getSpec().getVolumeName()
        };
        assertThat(bound).containsExactlyInAnyOrder("local-1", "local-2");
        assertThat(claim("static", "one").getStatus().getPhase()).isEqualTo("Bound");
        assertThat(nodes[0].equals("node-b")).isEqualTo(bound[0].equals("local-1"));
    }

    @Test
    void volumesAreMadeWhereTopologyAllowsAndAnewAfterAFailure() {
        cluster.namespace("dynamic");
        claim("dynamic", "data", "made");
        pod("dynamic", "user", "data");
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(() -> assertThat(selected("dynamic", "data")).contains("node-b"));
        assertThat(cluster.pod("dynamic", "user").orElseThrow().getSpec().getNodeName())
                .isNull();
        // The provisioner gives up once.
        cluster.client()
                .persistentVolumeClaims()
                .inNamespace("dynamic")
                .withName("data")
                .edit(claim -> new PersistentVolumeClaimBuilder(claim)
                        .editMetadata()
                        .removeFromAnnotations(SELECTED)
                        .endMetadata()
                        .build());
        complains(
                "dynamic",
                "user",
                "running PreBind plugin \"VolumeBinding\": binding volumes: provisioning failed for PVC \"data\"");
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(() -> assertThat(selected("dynamic", "data")).contains("node-b"));
        volume(
                "made-1",
                "made",
                "node-b",
                "claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: dynamic, name: data, uid: "
                        + claim("dynamic", "data").getMetadata().getUid() + "}");
        assertThat(cluster.placed("dynamic", "user")).isEqualTo("node-b");
        assertThat(claim("dynamic", "data").getSpec().getVolumeName()).isEqualTo("made-1");
    }

    @Test
    void anExclusiveClaimIsForOnePodAtATime() {
        cluster.namespace("once");
        storageClass("once", "kubernetes.io/no-provisioner", "WaitForFirstConsumer", "");
        cluster.make(volumeText("once-1", "once", "node-a", "").replace("[ReadWriteOnce]", "[ReadWriteOncePod]"));
        cluster.make(claimText("once", "data", "once").replace("[ReadWriteOnce]", "[ReadWriteOncePod]"));
        pod("once", "first", "data");
        assertThat(cluster.placed("once", "first")).isEqualTo("node-a");
        pod("once", "second", "data");
        complains(
                "once",
                "second",
                "0/2 nodes are available: 2 node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access"
                        + " mode already in-use by another pod. preemption: 0/2 nodes are available: 2 No preemption victims"
                        + " found for incoming pod.");
        cluster.client()
                .pods()
                .inNamespace("once")
                .withName("first")
                .withGracePeriod(0)
                .delete();
        assertThat(cluster.placed("once", "second")).isEqualTo("node-a");
    }

    @Test
    void ephemeralVolumesGetClaimsThatBelongToTheirPods() {
        cluster.namespace("own");
        storageClass("own", "kubernetes.io/no-provisioner", "WaitForFirstConsumer", "");
        volume("own-1", "own", "node-a", "");
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: own}
                spec:
                  containers: [{name: c, image: i}]
                  volumes:
                  - name: v
                    ephemeral:
                      volumeClaimTemplate:
                        metadata: {labels: {of: pod}}
                        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}, storageClassName: own}
                """;
        cluster.make(pod.formatted("user"));
        assertThat(cluster.placed("own", "user")).isEqualTo("node-a");
        var claim = claim("own", "user-v");
        assertThat(claim.getSpec().getVolumeName()).isEqualTo("own-1");
        assertThat(claim.getMetadata().getLabels()).containsEntry("of", "pod");
        assertThat(claim.getMetadata().getOwnerReferences().getFirst().getName())
                .isEqualTo("user");
        claim("own", "other-v", "own");
        cluster.make(pod.formatted("other"));
        complains(
                "own",
                "other",
                "0/2 nodes are available: PVC own/other-v was not created for pod own/other (pod is not owner).");
    }

    @Test
    void whatCannotBeUsedIsTold() {
        cluster.namespace("told");
        pod("told", "missing", "nothing");
        complains("told", "missing", "0/2 nodes are available: persistentvolumeclaim \"nothing\" not found.");
        claim("told", "soon", "soon");
        pod("told", "immediate", "soon");
        complains("told", "immediate", "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
        volume(
                "elsewhere",
                "soon",
                "node-c",
                "claimRef: {apiVersion: v1, kind: PersistentVolumeClaim, namespace: told, name: soon}");
        complains(
                "told",
                "immediate",
                "0/2 nodes are available: 2 node(s) didn't match PersistentVolume's node affinity.");
    }
}
