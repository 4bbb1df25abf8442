package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.storage.VolumeAttributesClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Claims and volumes that are deleted, against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VolumeProtectionIT {
    private TestCluster cluster;
    private KubernetesClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        client = cluster.client();
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private void make(String yaml) {
        client.resource((HasMetadata) client.getKubernetesSerialization().unmarshal(yaml))
                .create();
    }

    private void claim(String namespace) {
        cluster.namespace(namespace);
        make("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """.formatted(namespace));
    }

    private boolean claimIsThere(String namespace) {
        return client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .withName("data")
                        .get()
                != null;
    }

    @Test
    void aClaimThatNobodyUsesGoes() {
        claim("unused");
        client.persistentVolumeClaims().inNamespace("unused").withName("data").delete();
        await().atMost(TestCluster.PATIENCE).until(() -> !claimIsThere("unused"));
    }

    @Test
    void aClaimStaysUntilItsPodHasGone() {
        claim("used");
        make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: used}
                spec:
                  nodeName: n
                  terminationGracePeriodSeconds: 0
                  containers: [{name: c, image: "i:1"}]
                  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
                """);
        client.persistentVolumeClaims().inNamespace("used").withName("data").delete();
        await().during(Duration.ofMillis(700)).atMost(TestCluster.PATIENCE).until(() -> claimIsThere("used"));
        client.pods().inNamespace("used").withName("p").withGracePeriod(0).delete();
        await().atMost(TestCluster.PATIENCE).until(() -> !claimIsThere("used"));
    }

    @Test
    void aVolumeStaysWhileItIsBound() {
        make("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: disk}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  hostPath: {path: /tmp}
                  claimRef: {namespace: bound, name: data}
                """);
        claim("bound");
        var volume = client.persistentVolumes().withName("disk");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> "Bound".equals(volume.get().getStatus().getPhase()));
        volume.delete();
        await().during(Duration.ofMillis(700)).atMost(TestCluster.PATIENCE).until(() -> volume.get() != null);
        assertThat(volume.get().getMetadata().getDeletionTimestamp()).isNotNull();
        client.persistentVolumeClaims().inNamespace("bound").withName("data").delete();
        await().atMost(TestCluster.PATIENCE).until(() -> volume.get() == null);
    }

    @Test
    void aClassStaysWhileAClaimNamesIt() {
        make("""
                apiVersion: storage.k8s.io/v1
                kind: VolumeAttributesClass
                metadata: {name: fast}
                driverName: d.example.com
                parameters: {iops: "1"}
                """);
        cluster.namespace("classes");
        make("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: classes}
                spec: {volumeAttributesClassName: fast, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """);
        var fast = client.resources(VolumeAttributesClass.class).withName("fast");
        fast.delete();
        await().during(Duration.ofMillis(700)).atMost(TestCluster.PATIENCE).until(() -> fast.get() != null);
        client.persistentVolumeClaims().inNamespace("classes").withName("data").delete();
        await().atMost(TestCluster.PATIENCE).until(() -> fast.get() == null);
    }
}
