package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Claims and the volumes that they get, against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VolumeBindingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private TestCluster cluster;
    private KubernetesClient client;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory, options -> options.pvclaimbinderSyncPeriod = "1s");
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

    private void volume(String name, String size, String more) {
        make("""
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: %s, labels: {name: %s}}
                spec: {capacity: {storage: %s}, accessModes: [ReadWriteOnce], %s, hostPath: {path: /srv/data}}
                """.formatted(name, name, size, more));
    }

    private void claim(String namespace, String size, String more) {
        cluster.namespace(namespace);
        make("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: %s}
                spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}, %s}
                """.formatted(namespace, size, more));
    }

    private void storageClass(String name, String provisioner, String mode) {
        make("""
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: %s}
                provisioner: %s
                volumeBindingMode: %s
                """.formatted(name, provisioner, mode));
    }

    private PersistentVolumeClaim claim(String namespace) {
        return client.persistentVolumeClaims()
                .inNamespace(namespace)
                .withName("data")
                .get();
    }

    private PersistentVolume volume(String name) {
        return client.persistentVolumes().withName(name).get();
    }

    private void awaitPhase(String volume, String phase) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(volume(volume).getStatus().getPhase()).isEqualTo(phase));
    }

    private void awaitClaim(String namespace, Predicate<PersistentVolumeClaim> condition) {
        await().atMost(PATIENCE).until(() -> condition.test(claim(namespace)));
    }

    private static boolean isBound(PersistentVolumeClaim claim) {
        return "Bound".equals(claim.getStatus().getPhase());
    }

    private void awaitEvent(String namespace, String reason, String message) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(client.v1().events().inNamespace(namespace).list().getItems().stream()
                                .filter(event -> event.getReason().equals(reason)
                                        && event.getSource().getComponent().equals("persistentvolume-controller")))
                        .extracting(event -> event.getMessage())
                        .contains(message));
    }

    @Test
    void theSmallestVolumeThatSuitsIsBoundAndKeptWhenItsClaimGoes() {
        volume("large", "10Gi", "storageClassName: static");
        volume("small", "5Gi", "storageClassName: static");
        volume("tiny", "1Gi", "storageClassName: static");
        volume("other", "4Gi", "storageClassName: else");
        awaitPhase("small", "Available");
        claim("static", "4Gi", "storageClassName: static");
        awaitClaim("static", VolumeBindingIT::isBound);
        var claim = claim("static");
        assertThat(claim.getSpec().getVolumeName()).isEqualTo("small");
        assertThat(claim.getStatus().getCapacity().get("storage").toString()).isEqualTo("5Gi");
        assertThat(claim.getStatus().getAccessModes()).containsExactly("ReadWriteOnce");
        assertThat(claim.getMetadata().getAnnotations())
                .containsEntry("pv.kubernetes.io/bind-completed", "yes")
                .containsEntry("pv.kubernetes.io/bound-by-controller", "yes");
        var volume = volume("small");
        assertThat(volume.getStatus().getPhase()).isEqualTo("Bound");
        assertThat(volume.getSpec().getClaimRef().getUid())
                .isEqualTo(claim.getMetadata().getUid());
        client.resource(claim).delete();
        awaitPhase("small", "Released");
        assertThat(volume("large").getStatus().getPhase()).isEqualTo("Available");
    }

    @Test
    void aClaimWaitsForAVolumeOfItsSelectorAndMode() {
        volume("plain", "1Gi", "volumeMode: Block");
        claim("selected", "1Gi", "storageClassName: '', selector: {matchLabels: {name: chosen}}");
        awaitEvent(
                "selected",
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set");
        volume("chosen", "2Gi", "storageClassName: ''");
        awaitClaim("selected", VolumeBindingIT::isBound);
        assertThat(claim("selected").getSpec().getVolumeName()).isEqualTo("chosen");
        assertThat(volume("plain").getSpec().getClaimRef()).isNull();
    }

    @Test
    void aReservedVolumeGoesToItsClaimAlone() {
        volume("reserved", "1Gi", "storageClassName: '', claimRef: {namespace: owner, name: data}");
        awaitPhase("reserved", "Available");
        claim("thief", "1Gi", "storageClassName: '', volumeName: reserved");
        awaitEvent("thief", "FailedBinding", "volume \"reserved\" already bound to a different claim.");
        claim("owner", "1Gi", "storageClassName: ''");
        awaitClaim("owner", VolumeBindingIT::isBound);
        assertThat(claim("thief").getStatus().getPhase()).isEqualTo("Pending");
        assertThat(volume("reserved").getMetadata().getAnnotations())
                .doesNotContainKey("pv.kubernetes.io/bound-by-controller");
        volume("narrow", "1Gi", "storageClassName: ''");
        claim("greedy", "2Gi", "storageClassName: '', volumeName: narrow");
        awaitEvent("greedy", "VolumeMismatch", "Cannot bind to requested volume \"narrow\": requested PV is too small");
    }

    @Test
    void aClaimThatWaitsForItsConsumerIsLeftToTheScheduler() {
        storageClass("late", "driver.example.com", "WaitForFirstConsumer");
        volume("late-volume", "1Gi", "storageClassName: late");
        awaitPhase("late-volume", "Available");
        claim("late", "1Gi", "storageClassName: late");
        awaitEvent("late", "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: late}
                spec:
                  containers: [{name: c, image: "i:1"}]
                  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]
                """);
        awaitEvent("late", "WaitForPodScheduled", "waiting for pod p to be scheduled");
        assertThat(volume("late-volume").getSpec().getClaimRef()).isNull();
        client.persistentVolumeClaims()
                .inNamespace("late")
                .withName("data")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"volume.kubernetes.io/selected-node\": \"n\"}}}");
        awaitEvent(
                "late",
                "ExternalProvisioning",
                "Waiting for a volume to be created either by the external provisioner 'driver.example.com' or manually by"
                        + " the system administrator. If volume creation is delayed, please verify that the provisioner is"
                        + " running and correctly registered.");
        assertThat(claim("late").getMetadata().getAnnotations())
                .containsEntry("volume.kubernetes.io/storage-provisioner", "driver.example.com")
                .containsEntry("volume.beta.kubernetes.io/storage-provisioner", "driver.example.com");
    }

    @Test
    void whatNobodyCanProvisionOrDeleteIsTold() {
        claim("classless", "1Gi", "storageClassName: nowhere");
        awaitEvent("classless", "ProvisioningFailed", "storageclass.storage.k8s.io \"nowhere\" not found");
        storageClass("ebs", "kubernetes.io/aws-ebs", "Immediate");
        claim("migrated", "1Gi", "storageClassName: ebs");
        awaitClaim(
                "migrated",
                claim -> "ebs.csi.aws.com"
                        .equals(claim.getMetadata().getAnnotations().get("volume.kubernetes.io/storage-provisioner")));

        volume("doomed", "1Gi", "storageClassName: doomed, persistentVolumeReclaimPolicy: Delete");
        claim("doomed", "1Gi", "storageClassName: doomed");
        awaitClaim("doomed", VolumeBindingIT::isBound);
        client.resource(claim("doomed")).delete();
        String why = "host_path deleter only supports /tmp/.+ but received provided /srv/data";
        awaitPhase("doomed", "Failed");
        assertThat(volume("doomed").getStatus().getMessage()).isEqualTo(why);
        awaitEvent("default", "VolumeFailedDelete", why);
    }

    @Test
    void aClaimWhoseVolumeIsGoneIsLost() {
        volume("fragile", "1Gi", "storageClassName: fragile");
        claim("lost", "1Gi", "storageClassName: fragile");
        awaitClaim("lost", VolumeBindingIT::isBound);
        client.resource(volume("fragile")).delete();
        client.persistentVolumes()
                .withName("fragile")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": null}}");
        awaitClaim("lost", claim -> "Lost".equals(claim.getStatus().getPhase()));
        awaitEvent("lost", "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
    }

    @Test
    void aClaimThatSaysNothingGetsTheClassThatBecomesTheDefault() {
        claim("late-default", "1Gi", "volumeMode: Filesystem");
        awaitEvent(
                "late-default",
                "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set");
        make("""
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: usual, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
                provisioner: other.example.com
                """);
        awaitClaim("late-default", claim -> "usual".equals(claim.getSpec().getStorageClassName()));
        client.storage().v1().storageClasses().withName("usual").delete();
    }
}
