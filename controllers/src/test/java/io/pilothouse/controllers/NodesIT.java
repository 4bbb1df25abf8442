package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of a node as its events tell it, against a real API server. */
class NodesIT {
    /** The controllers may still be starting. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aNodeIsRegisteredFallsSilentAndIsRemoved(@TempDir Path directory) throws Exception {
        try (var cluster = new TestCluster(directory, options -> {
            options.nodeMonitorPeriod = "500ms";
            options.nodeMonitorGracePeriod = "2s";
        })) {
            var client = cluster.client();
            String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            var node = client.resource(new NodeBuilder()
                            .withNewMetadata()
                            .withName("n1")
                            .endMetadata()
                            .withNewStatus()
                            .addToConditions(
                                    new NodeCondition(now, now, "kubelet is posting", "KubeletReady", "True", "Ready"))
                            .endStatus()
                            .build())
                    .create();
            awaitEvent(cluster, "RegisteredNode", "Node n1 event: Registered Node n1 in Controller");
            awaitEvent(cluster, "NodeNotReady", "Node n1 status is now: NodeNotReady");
            var ready = client.nodes().withName("n1").get().getStatus().getConditions().stream()
                    .filter(condition -> condition.getType().equals("Ready"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ready.getStatus()).isEqualTo("Unknown");
            assertThat(ready.getReason()).isEqualTo("NodeStatusUnknown");
            client.resource(node).delete();
            awaitEvent(cluster, "RemovingNode", "Node n1 event: Removing Node n1 from Controller");
        }
    }

    private static void awaitEvent(TestCluster cluster, String reason, String message) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                cluster.client().v1().events().inNamespace("default").list().getItems().stream()
                                        .filter(event -> event.getReason().equals(reason)
                                                && event.getSource()
                                                        .getComponent()
                                                        .equals("node-controller")
                                                && event.getInvolvedObject()
                                                        .getName()
                                                        .equals("n1")))
                        .extracting(event -> event.getMessage())
                        .containsExactly(message));
    }
}
