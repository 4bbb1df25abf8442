package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Stateful sets and cron jobs against a real API server; the test says what the kubelet would. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsIT {
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

    private static List<String> names(List<? extends HasMetadata> objects) {
        return objects.stream().map(object -> object.getMetadata().getName()).toList();
    }

    private void awaitPods(String namespace, String... names) {
        await().atMost(TestCluster.PATIENCE)
                .until(() -> names(cluster.pods(namespace)).equals(List.of(names)));
    }

    private void run(String namespace) {
        cluster.pods(namespace).stream()
                .filter(pod -> pod.getStatus().getConditions().isEmpty())
                .forEach(pod -> cluster.becomes(pod, "Running"));
    }

    private Resource<StatefulSet> set(String namespace) {
        return client.apps().statefulSets().inNamespace(namespace).withName("web");
    }

    private void patch(String namespace, String change) {
        set(namespace).patch(PatchContext.of(PatchType.JSON_MERGE), change);
    }

    private String image(String namespace, String pod) {
        return client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .get()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }

    private void statefulSet(String namespace, String policy) {
        cluster.namespace(namespace);
        client.resource(client.getKubernetesSerialization()
                        .unmarshal("""
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: web, namespace: %s}
        spec:
          replicas: 2
          serviceName: web
          podManagementPolicy: %s
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers: [{name: c, image: "i:1", volumeMounts: [{name: data, mountPath: /data}]}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """.formatted(namespace, policy), StatefulSet.class))
                .create();
    }

    @Test
    void aStatefulSetMakesRollsAndEndsItsPodsInOrder() {
        statefulSet("ordered", "OrderedReady");
        awaitPods("ordered", "web-0");
        Pod first = cluster.pods("ordered").getFirst();
        assertThat(first.getSpec().getHostname()).isEqualTo("web-0");
        assertThat(first.getSpec().getSubdomain()).isEqualTo("web");
        assertThat(first.getMetadata().getLabels())
                .containsEntry("statefulset.kubernetes.io/pod-name", "web-0")
                .containsEntry("apps.kubernetes.io/pod-index", "0");
        assertThat(first.getSpec()
                        .getVolumes()
                        .getFirst()
                        .getPersistentVolumeClaim()
                        .getClaimName())
                .isEqualTo("data-web-0");
        assertThat(client.persistentVolumeClaims()
                        .inNamespace("ordered")
                        .withName("data-web-0")
                        .get()
                        .getMetadata()
                        .getLabels())
                .containsEntry("app", "web");
        run("ordered");
        awaitPods("ordered", "web-0", "web-1");
        run("ordered");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> Integer.valueOf(2)
                        .equals(set("ordered").get().getStatus().getAvailableReplicas()));
        String before = set("ordered").get().getStatus().getCurrentRevision();

        patch("ordered", "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:2\"}]}}}}");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> names(cluster.pods("ordered")).contains("web-1")
                        && image("ordered", "web-1").equals("i:2"));
        assertThat(image("ordered", "web-0")).isEqualTo("i:1");
        run("ordered");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> names(cluster.pods("ordered")).contains("web-0")
                        && image("ordered", "web-0").equals("i:2"));
        run("ordered");
        await().atMost(TestCluster.PATIENCE)
                .until(() ->
                        !set("ordered").get().getStatus().getCurrentRevision().equals(before));
        assertThat(client.apps()
                        .controllerRevisions()
                        .inNamespace("ordered")
                        .list()
                        .getItems())
                .hasSize(2);

        patch("ordered", "{\"spec\":{\"replicas\":1}}");
        awaitPods("ordered", "web-0");
        assertThat(names(client.persistentVolumeClaims()
                        .inNamespace("ordered")
                        .list()
                        .getItems()))
                .contains("data-web-0", "data-web-1");
        set("ordered").delete();
        awaitPods("ordered");
    }

    @Test
    void aParallelSetMakesAllAtOnceAndReplacesWhatFailed() {
        statefulSet("parallel", "Parallel");
        awaitPods("parallel", "web-0", "web-1");
        run("parallel");
        String uid = cluster.pods("parallel").getFirst().getMetadata().getUid();
        cluster.becomes(cluster.pods("parallel").getFirst(), "Failed");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("parallel").size() == 2
                        && !cluster.pods("parallel")
                                .getFirst()
                                .getMetadata()
                                .getUid()
                                .equals(uid));
        set("parallel")
                .edit(set -> new StatefulSetBuilder(set)
                        .editSpec()
                        .withReplicas(0)
                        .endSpec()
                        .build());
        awaitPods("parallel");
    }

    @Test
    void aCronJobMakesAJobAndNotesItsEnd() {
        cluster.namespace("cron");
        client.resource(client.getKubernetesSerialization().unmarshal("""
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: tick, namespace: cron}
        spec:
          schedule: "@every 1s"
          concurrencyPolicy: Forbid
          jobTemplate:
            metadata: {labels: {made-by: tick}}
            spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: "i:1"}]}}}
        """, CronJob.class))
                .create();
        var jobs = client.batch().v1().jobs().inNamespace("cron");
        var cronJob = client.batch().v1().cronjobs().inNamespace("cron").withName("tick");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cronJob.get().getStatus() != null
                        && cronJob.get().getStatus().getActive().size() == 1);
        var job = jobs.list().getItems().getFirst();
        assertThat(job.getMetadata().getName()).startsWith("tick-");
        assertThat(job.getMetadata().getLabels()).containsEntry("made-by", "tick");
        assertThat(job.getMetadata().getAnnotations()).containsKey("batch.kubernetes.io/cronjob-scheduled-timestamp");
        assertThat(cronJob.get().getStatus().getLastScheduleTime()).isNotNull();
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.pods("cron").size() == 1);
        cronJob.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"suspend\":true}}");
        cluster.becomes(cluster.pods("cron").getFirst(), "Succeeded");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cronJob.get().getStatus().getActive().isEmpty()
                        && cronJob.get().getStatus().getLastSuccessfulTime() != null);
        assertThat(jobs.list().getItems()).hasSize(1);
        cronJob.delete();
        await().atMost(TestCluster.PATIENCE).until(() -> jobs.list().getItems().isEmpty());
    }
}
