package io.pilothouse.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.Serialization;
import org.junit.jupiter.api.Test;

class FailureVerdictTest {
    private static final Job JOB = Serialization.unmarshal("""
            apiVersion: batch/v1
            kind: Job
            metadata: {name: j}
            spec:
              podFailurePolicy:
                rules:
                - {action: FailJob, onExitCodes: {containerName: main, operator: In, values: [42, 43]}}
                - {action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}
                - {action: FailIndex, onExitCodes: {operator: In, values: [7]}}
                - {action: Count, onExitCodes: {operator: NotIn, values: [8]}}
                - {action: Ignore, onExitCodes: {operator: In, values: [8]}}
            """, Job.class);

    private static Pod pod(String status) {
        return Serialization.unmarshal(
                "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: n}\nstatus: " + status, Pod.class);
    }

    private static Pod exited(String container, int code) {
        return pod("{containerStatuses: [{name: " + container + ", state: {terminated: {exitCode: " + code + "}}}]}");
    }

    @Test
    void failsTheJobByAnExitCodeAndSaysWhich() {
        var verdict = FailureVerdict.of(JOB, exited("main", 42));
        assertThat(verdict.failsJob()).isTrue();
        assertThat(verdict.message())
                .isEqualTo("Container main for pod n/p failed with exit code 42 matching FailJob rule at index 0");
    }

    @Test
    void takesTheFirstRuleThatFits() {
        assertThat(FailureVerdict.of(JOB, exited("side", 42)).action()).isEqualTo("Count");
        assertThat(FailureVerdict.of(JOB, exited("side", 7)).failsIndex()).isTrue();
        assertThat(FailureVerdict.of(JOB, exited("side", 8)).counts()).isFalse();
        assertThat(FailureVerdict.of(JOB, exited("side", 0)).counts()).isTrue();
    }

    @Test
    void looksAtInitContainersAndConditions() {
        assertThat(FailureVerdict.of(
                                JOB,
                                pod("{initContainerStatuses: [{name: main, state: {terminated: {exitCode: 43}}}]}"))
                        .failsJob())
                .isTrue();
        assertThat(FailureVerdict.of(JOB, pod("{conditions: [{type: DisruptionTarget, status: \"True\"}]}"))
                        .counts())
                .isFalse();
        assertThat(FailureVerdict.of(JOB, pod("{conditions: [{type: DisruptionTarget, status: \"False\"}]}"))
                        .counts())
                .isTrue();
    }

    @Test
    void namesTheConditionThatFailsTheJob() {
        var job = Serialization.unmarshal("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: j}
                spec: {podFailurePolicy: {rules: [{action: FailJob, onPodConditions: [{type: ConfigIssue, status: "True"}]}]}}
                """, Job.class);
        assertThat(FailureVerdict.of(job, pod("{conditions: [{type: ConfigIssue, status: \"True\"}]}"))
                        .message())
                .isEqualTo("Pod n/p has condition ConfigIssue matching FailJob rule at index 0");
    }
}
