package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Jobs against a real API server; the test says what the kubelet would. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobsIT {
    private static final String INDEX = "batch.kubernetes.io/job-completion-index";
    private static final String FINALIZER = "batch.kubernetes.io/job-tracking";

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

    private void job(String namespace, String spec) {
        cluster.namespace(namespace);
        client.resource(client.getKubernetesSerialization()
                        .unmarshal("""
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: j, namespace: %s}
                        spec:
                          template:
                            spec: {restartPolicy: Never, containers: [{name: c, image: "i:1"}]}
                        %s
                        """.formatted(namespace, spec.indent(2)), Job.class))
                .create();
    }

    private Job job(String namespace) {
        return client.batch().v1().jobs().inNamespace(namespace).withName("j").get();
    }

    private void change(String namespace, String spec) {
        client.batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withName("j")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    private Job until(String namespace, Predicate<Job> holds) {
        return await().atMost(TestCluster.PATIENCE)
                .until(() -> job(namespace), job -> job.getStatus() != null && holds.test(job));
    }

    private Job untilEnded(String namespace, String type) {
        return until(namespace, job -> has(job, type));
    }

    private static boolean has(Job job, String type) {
        return job.getStatus().getConditions().stream()
                .anyMatch(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals("True"));
    }

    private static JobCondition condition(Job job, String type) {
        return job.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private List<Pod> running(String namespace) {
        return cluster.pods(namespace).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null
                        && !List.of("Succeeded", "Failed")
                                .contains(pod.getStatus().getPhase()))
                .toList();
    }

    private List<Pod> untilRunning(String namespace, int count) {
        return await().atMost(TestCluster.PATIENCE).until(() -> running(namespace), pods -> pods.size() == count);
    }

    private Pod untilIndexRuns(String namespace, int index) {
        return await().atMost(TestCluster.PATIENCE)
                .until(
                        () -> running(namespace).stream()
                                .filter(pod -> Integer.toString(index)
                                        .equals(pod.getMetadata()
                                                .getAnnotations()
                                                .get(INDEX)))
                                .findFirst()
                                .orElse(null),
                        Objects::nonNull);
    }

    /** Failed long ago, so that no delay is left. */
    private void exits(Pod pod, int code) {
        status(pod, """
                {"phase":"Failed","containerStatuses":[{"name":"c","image":"i","imageID":"","ready":false,"restartCount":0,
                 "state":{"terminated":{"exitCode":%d,"startedAt":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z"}}}]}
                """.formatted(code));
    }

    private void status(Pod pod, String status) {
        client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .subresource("status")
                .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"status\":" + status + "}");
    }

    private void untilNoneIsTracked(String namespace) {
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods(namespace).stream()
                        .noneMatch(pod -> pod.getMetadata().getFinalizers().contains(FINALIZER)));
    }

    @Test
    void countsEachPodOnceAndEnds() {
        job("counted", "completions: 2\nparallelism: 2");
        untilRunning("counted", 2).forEach(pod -> cluster.becomes(pod, "Running"));
        until("counted", job -> Objects.equals(job.getStatus().getReady(), 2));
        cluster.pods("counted").forEach(pod -> cluster.becomes(pod, "Succeeded"));
        Job ended = untilEnded("counted", "Complete");
        assertThat(ended.getStatus().getSucceeded()).isEqualTo(2);
        assertThat(ended.getStatus().getReady()).isZero();
        assertThat(ended.getStatus().getTerminating()).isZero();
        assertThat(ended.getStatus().getUncountedTerminatedPods()).isNotNull();
        assertThat(ended.getStatus().getUncountedTerminatedPods().getSucceeded())
                .isEmpty();
        assertThat(ended.getStatus().getCompletionTime()).isNotNull();
        assertThat(condition(ended, "SuccessCriteriaMet").getReason()).isEqualTo("CompletionsReached");
        assertThat(condition(ended, "Complete").getMessage()).isEqualTo("Reached expected number of succeeded pods");
        untilNoneIsTracked("counted");
    }

    @Test
    void waitsBeforeItTriesAgain() throws InterruptedException {
        job("backoff", "backoffLimit: 1");
        Pod first = untilRunning("backoff", 1).getFirst();
        String now = java.time.Instant.now()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
        status(
                first,
                "{\"phase\":\"Failed\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"False\",\"lastTransitionTime\":\""
                        + now + "\"}]}");
        until("backoff", job -> Objects.equals(job.getStatus().getFailed(), 1));
        Thread.sleep(3000);
        assertThat(running("backoff")).isEmpty();
        Pod second = untilRunning("backoff", 1).getFirst();
        exits(second, 1);
        Job ended = untilEnded("backoff", "Failed");
        assertThat(condition(ended, "Failed").getReason()).isEqualTo("BackoffLimitExceeded");
        assertThat(condition(ended, "FailureTarget").getMessage())
                .isEqualTo("Job has reached the specified backoff limit");
        assertThat(ended.getStatus().getFailed()).isEqualTo(2);
    }

    @Test
    void holdsAndGoesOn() {
        job("suspended", "suspend: true");
        Job held = until("suspended", job -> has(job, "Suspended"));
        assertThat(held.getStatus().getStartTime()).isNull();
        assertThat(condition(held, "Suspended").getReason()).isEqualTo("JobSuspended");
        assertThat(cluster.pods("suspended")).isEmpty();
        change("suspended", "{\"suspend\":false}");
        untilRunning("suspended", 1);
        Job resumed = until("suspended", job -> !has(job, "Suspended"));
        assertThat(condition(resumed, "Suspended").getReason()).isEqualTo("JobResumed");
        assertThat(resumed.getStatus().getStartTime()).isNotNull();
        change("suspended", "{\"suspend\":true}");
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("suspended").isEmpty());
        Job again = until("suspended", job -> has(job, "Suspended"));
        assertThat(again.getStatus().getStartTime()).isNull();
        assertThat(again.getStatus().getFailed()).isNull();
    }

    @Test
    void givesEachIndexItsOwnLimit() {
        job("indexes", """
                completionMode: Indexed
                completions: 3
                parallelism: 3
                backoffLimitPerIndex: 1
                """);
        untilRunning("indexes", 3);
        Pod pod = untilIndexRuns("indexes", 1);
        assertThat(pod.getMetadata().getGenerateName()).isEqualTo("j-1-");
        assertThat(pod.getMetadata().getLabels()).containsEntry(INDEX, "1");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("batch.kubernetes.io/job-index-failure-count", "0");
        assertThat(pod.getSpec().getHostname()).isEqualTo("j-1");
        assertThat(pod.getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv()
                        .getFirst()
                        .getValueFrom()
                        .getFieldRef()
                        .getFieldPath())
                .isEqualTo("metadata.labels['" + INDEX + "']");
        exits(pod, 1);
        Pod second = await().atMost(TestCluster.PATIENCE)
                .until(
                        () -> untilIndexRuns("indexes", 1),
                        other -> !other.getMetadata()
                                .getName()
                                .equals(pod.getMetadata().getName()));
        assertThat(second.getMetadata().getAnnotations())
                .containsEntry("batch.kubernetes.io/job-index-failure-count", "1");
        exits(second, 1);
        until("indexes", job -> "1".equals(job.getStatus().getFailedIndexes()));
        cluster.becomes(untilIndexRuns("indexes", 0), "Succeeded");
        cluster.becomes(untilIndexRuns("indexes", 2), "Succeeded");
        Job ended = untilEnded("indexes", "Failed");
        assertThat(condition(ended, "Failed").getReason()).isEqualTo("FailedIndexes");
        assertThat(condition(ended, "Failed").getMessage()).isEqualTo("Job has failed indexes");
        assertThat(ended.getStatus().getCompletedIndexes()).isEqualTo("0,2");
        assertThat(ended.getStatus().getFailed()).isEqualTo(2);
        untilNoneIsTracked("indexes");
    }

    @Test
    void endsWhenTooManyIndexesHaveFailed() {
        job("maxfailed", """
                completionMode: Indexed
                completions: 4
                parallelism: 4
                backoffLimitPerIndex: 0
                maxFailedIndexes: 1
                """);
        untilRunning("maxfailed", 4);
        exits(untilIndexRuns("maxfailed", 0), 1);
        exits(untilIndexRuns("maxfailed", 3), 1);
        Job ended = untilEnded("maxfailed", "Failed");
        assertThat(condition(ended, "Failed").getReason()).isEqualTo("MaxFailedIndexesExceeded");
        assertThat(condition(ended, "Failed").getMessage())
                .isEqualTo("Job has exceeded the specified maximal number of failed indexes");
        assertThat(ended.getStatus().getFailedIndexes()).isEqualTo("0,3");
        assertThat(ended.getStatus().getActive()).isNull();
    }

    @Test
    void failsIgnoresAndCountsByPolicy() {
        job("policy", """
                backoffLimit: 0
                podFailurePolicy:
                  rules:
                  - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
                  - {action: FailJob, onExitCodes: {operator: In, values: [42]}}
                """);
        Pod first = untilRunning("policy", 1).getFirst();
        status(first, """
                {"phase":"Failed","conditions":[{"type":"DisruptionTarget","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z"},
                 {"type":"Ready","status":"False","lastTransitionTime":"2026-01-01T00:00:00Z"}]}""");
        Pod second = untilRunning("policy", 1).getFirst();
        assertThat(job("policy").getStatus().getFailed()).isNull();
        exits(second, 42);
        Job ended = untilEnded("policy", "Failed");
        assertThat(condition(ended, "Failed").getReason()).isEqualTo("PodFailurePolicy");
        assertThat(condition(ended, "Failed").getMessage())
                .isEqualTo("Container c for pod policy/" + second.getMetadata().getName()
                        + " failed with exit code 42 matching FailJob rule at index 1");
        assertThat(ended.getStatus().getFailed()).isEqualTo(1);
    }

    @Test
    void failsAnIndexByPolicy() {
        job("failindex", """
                completionMode: Indexed
                completions: 2
                parallelism: 2
                backoffLimitPerIndex: 5
                podFailurePolicy:
                  rules:
                  - {action: FailIndex, onExitCodes: {operator: In, values: [3]}}
                  - {action: Ignore, onExitCodes: {operator: In, values: [4]}}
                """);
        untilRunning("failindex", 2);
        exits(untilIndexRuns("failindex", 0), 3);
        Pod ignored = untilIndexRuns("failindex", 1);
        exits(ignored, 4);
        until("failindex", job -> "0".equals(job.getStatus().getFailedIndexes()));
        Pod next = untilIndexRuns("failindex", 1);
        assertThat(next.getMetadata().getAnnotations())
                .containsEntry("batch.kubernetes.io/job-index-failure-count", "0")
                .containsEntry("batch.kubernetes.io/job-index-ignored-failure-count", "1");
        cluster.becomes(next, "Succeeded");
        Job ended = untilEnded("failindex", "Failed");
        assertThat(ended.getStatus().getCompletedIndexes()).isEqualTo("1");
        assertThat(ended.getStatus().getFailed()).isEqualTo(1);
    }

    @Test
    void isContentWithTheIndexesThatThePolicyNames() {
        job("success", """
                completionMode: Indexed
                completions: 3
                parallelism: 3
                successPolicy: {rules: [{succeededIndexes: "1-2", succeededCount: 1}]}
                """);
        untilRunning("success", 3);
        cluster.becomes(untilIndexRuns("success", 2), "Succeeded");
        Job ended = untilEnded("success", "Complete");
        assertThat(condition(ended, "SuccessCriteriaMet").getReason()).isEqualTo("SuccessPolicy");
        assertThat(condition(ended, "Complete").getMessage()).isEqualTo("Matched rules at index 0");
        assertThat(ended.getStatus().getCompletedIndexes()).isEqualTo("2");
        assertThat(ended.getStatus().getFailed()).isNull();
        assertThat(running("success")).isEmpty();
    }

    @Test
    void leavesJobsOfOtherControllersAlone() throws InterruptedException {
        job("elsewhere", "managedBy: example.com/other");
        Thread.sleep(2500);
        assertThat(cluster.pods("elsewhere")).isEmpty();
        assertThat(job("elsewhere").getStatus())
                .satisfiesAnyOf(
                        status -> assertThat(status).isNull(),
                        status -> assertThat(status.getStartTime()).isNull());
    }

    @Test
    void replacesPodsOnlyOnceTheyHaveFailed() throws InterruptedException {
        job("replace", "podReplacementPolicy: Failed");
        Pod first = untilRunning("replace", 1).getFirst();
        client.resource(first).delete();
        until("replace", job -> Objects.equals(job.getStatus().getTerminating(), 1));
        Thread.sleep(2500);
        assertThat(running("replace")).isEmpty();
        cluster.becomes(first, "Failed");
        untilRunning("replace", 1);
        until(
                "replace",
                job -> Objects.equals(job.getStatus().getTerminating(), 0)
                        && Objects.equals(job.getStatus().getFailed(), 1));
    }

    @Test
    void replacesPodsThatAreOnTheirWayOut() {
        job("eager", "backoffLimit: 3");
        Pod first = untilRunning("eager", 1).getFirst();
        client.resource(first).delete();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> running("eager").stream()
                        .anyMatch(pod -> !pod.getMetadata()
                                .getName()
                                .equals(first.getMetadata().getName())));
        until("eager", job -> Objects.equals(job.getStatus().getFailed(), 1));
    }

    @Test
    void endsAtItsDeadlineAndGoesAfterItsTime() {
        job("deadline", "activeDeadlineSeconds: 2\nttlSecondsAfterFinished: 3");
        untilRunning("deadline", 1);
        Job ended = untilEnded("deadline", "Failed");
        assertThat(condition(ended, "Failed").getReason()).isEqualTo("DeadlineExceeded");
        assertThat(condition(ended, "Failed").getMessage()).isEqualTo("Job was active longer than specified deadline");
        assertThat(ended.getStatus().getFailed()).isEqualTo(1);
        await().atMost(TestCluster.PATIENCE).until(() -> job("deadline") == null);
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("deadline").isEmpty());
    }

    @Test
    void adoptsPodsAndCountsThem() {
        cluster.namespace("adopted");
        client.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("orphan")
                        .withNamespace("adopted")
                        .addToLabels("my", "job")
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .addNewContainer()
                        .withName("c")
                        .withImage("i:1")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        client.resource(client.getKubernetesSerialization().unmarshal("""
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: j, namespace: adopted}
                        spec:
                          manualSelector: true
                          selector: {matchLabels: {my: job}}
                          template:
                            metadata: {labels: {my: job}}
                            spec: {restartPolicy: Never, containers: [{name: c, image: "i:1"}]}
                        """, Job.class))
                .create();
        await().atMost(TestCluster.PATIENCE)
                .until(() -> cluster.pods("adopted")
                        .getFirst()
                        .getMetadata()
                        .getFinalizers()
                        .contains(FINALIZER));
        cluster.becomes(cluster.pods("adopted").getFirst(), "Succeeded");
        Job ended = untilEnded("adopted", "Complete");
        assertThat(ended.getStatus().getSucceeded()).isEqualTo(1);
        assertThat(cluster.pods("adopted")).hasSize(1);
    }

    @Test
    void letsGoOfPodsOfADeletedJob() {
        job("orphaned", "completions: 1");
        Pod pod = untilRunning("orphaned", 1).getFirst();
        client.batch()
                .v1()
                .jobs()
                .inNamespace("orphaned")
                .withName("j")
                .withPropagationPolicy(io.fabric8.kubernetes.api.model.DeletionPropagation.ORPHAN)
                .delete();
        untilNoneIsTracked("orphaned");
        assertThat(cluster.pods("orphaned"))
                .extracting(left -> left.getMetadata().getName())
                .containsExactly(pod.getMetadata().getName());
    }
}
