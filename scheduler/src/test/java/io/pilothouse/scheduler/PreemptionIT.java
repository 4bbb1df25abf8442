package io.pilothouse.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Pods of lower priority make room, against a real API server; the test ends them, as a kubelet would. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PreemptionIT {
    private static final String FULL = "0/2 nodes are available: 2 Insufficient cpu.";

    private SchedulerCluster cluster;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new SchedulerCluster(directory);
        cluster.node("node-a", "z-a", "1");
        cluster.node("node-b", "z-b", "1");
        priority("low", 10, "PreemptLowerPriority");
        priority("high", 1000, "PreemptLowerPriority");
        priority("polite", 1000, "Never");
        cluster.namespace("ns");
    }

    @AfterAll
    void end() {
        cluster.close();
    }

    private void priority(String name, int value, String policy) {
        cluster.make("""
                apiVersion: scheduling.k8s.io/v1
                kind: PriorityClass
                metadata: {name: %s}
                value: %d
                preemptionPolicy: %s
                """.formatted(name, value, policy));
    }

    private void pod(String name, String priority, String cpu) {
        cluster.make("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: ns, labels: {name: %s}}
                spec:
                  priorityClassName: %s
                  containers: [{name: c, image: i, resources: {requests: {cpu: %s}}}]
                """.formatted(name, name, priority, cpu));
    }

    private Pod pod(String name) {
        return cluster.pod("ns", name).orElseThrow();
    }

    private void complains(String name, String message) {
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(() -> assertThat(cluster.complaint("ns", name)).isEqualTo(message));
    }

    private List<String> eventsOf(String pod, String reason) {
        return cluster.client().v1().events().inNamespace("ns").list().getItems().stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod)
                        && event.getReason().equals(reason))
                .map(Event::getMessage)
                .toList();
    }

    @Test
    void theUnprotectedMakesRoomForTheMoreImportant() {
        pod("one", "low", "800m");
        pod("two", "low", "800m");
        String node = cluster.placed("ns", "one");
        assertThat(cluster.placed("ns", "two")).isNotEqualTo(node);
        cluster.make("""
                apiVersion: policy/v1
                kind: PodDisruptionBudget
                metadata: {name: keep, namespace: ns}
                spec: {minAvailable: 1, selector: {matchLabels: {name: two}}}
                """);
        whoMayNotPreemptWaits();

        pod("important", "high", "700m");
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(() -> assertThat(pod("one").getMetadata().getDeletionTimestamp())
                        .isNotNull());
        assertThat(pod("one").getStatus().getConditions()).anySatisfy(condition -> {
            assertThat(condition.getType()).isEqualTo("DisruptionTarget");
            assertThat(condition.getReason()).isEqualTo("PreemptionByScheduler");
            assertThat(condition.getMessage())
                    .isEqualTo("default-scheduler: preempting to accommodate a higher priority pod");
        });
        assertThat(pod("important").getStatus().getNominatedNodeName()).isEqualTo(node);
        complains("important", FULL);
        await().atMost(SchedulerCluster.PATIENCE)
                .untilAsserted(() -> assertThat(eventsOf("one", "Preempted"))
                        .containsExactly("Preempted by pod "
                                + pod("important").getMetadata().getUid() + " on node " + node));

        // The kubelet ends it.
        cluster.client()
                .pods()
                .inNamespace("ns")
                .withName("one")
                .withGracePeriod(0)
                .delete();
        assertThat(cluster.placed("ns", "important")).isEqualTo(node);
        assertThat(pod("two").getMetadata().getDeletionTimestamp()).isNull();
    }

    private void whoMayNotPreemptWaits() {
        pod("polite", "polite", "900m");
        complains("polite", FULL + " preemption: not eligible due to preemptionPolicy=Never.");
        pod("equal", "low", "900m");
        complains(
                "equal",
                FULL + " preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod.");
        pod("giant", "high", "2");
        complains("giant", FULL + " preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.");
        assertThat(pod("one").getMetadata().getDeletionTimestamp()).isNull();
        for (String name : List.of("polite", "equal", "giant")) {
            cluster.client().pods().inNamespace("ns").withName(name).delete();
        }
    }
}
