package io.pilothouse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.config.NodeOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A node without a container runtime says so everywhere: on itself, on its pods, in their logs, and where it refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SimulatedNodeIT {
    private TestCluster cluster;
    private NodeAgent agent;
    private int port;

    @CommandLine.Command
    private record Node(@CommandLine.Mixin NodeOptions options) {}

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory, "127.0.0.1");
        port = freePort();
        List<String> arguments = cluster.nodeArguments("node-a", "127.0.0.1");
        arguments.addAll(List.of(
                "--runtime",
                "simulated",
                "--pod-cidr",
                "10.40.1.0/26",
                "--root-dir",
                directory.resolve("node").toString(),
                "--port",
                Integer.toString(port)));
        NodeOptions options = new NodeOptions();
        new CommandLine(new Node(options)).parseArgs(arguments.toArray(String[]::new));
        agent = NodeAgent.start(options, Optional.empty(), null, Map.of(), Clock.systemUTC());
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.nodeReady("node-a"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    void end() throws Exception {
        if (agent != null) {
            agent.close();
        }
        cluster.close();
    }

    @Test
    void theNodeSaysThatItsPodsAreSimulated() throws IOException {
        JsonNode node = cluster.client().read("/api/v1/nodes/node-a");
        assertThat(node.path("metadata")
                        .path("annotations")
                        .path("pilothouse.io/simulated-pods")
                        .asText())
                .isEqualTo("true");
        assertThat(node.path("metadata")
                        .path("labels")
                        .path("pilothouse.io/simulated-pods")
                        .asText())
                .isEqualTo("true");
        assertThat(node.path("status")
                        .path("nodeInfo")
                        .path("containerRuntimeVersion")
                        .asText())
                .startsWith("simulated://");
        assertThat(node.path("status").path("conditions").toString())
                .contains("PodsSimulated")
                .contains("nothing runs");
    }

    @Test
    void aPodSeemsToRunAndSaysThatItDoesNot() throws Exception {
        cluster.pod(
                "web",
                "{nodeName: node-a, terminationGracePeriodSeconds: 1, containers: [{name: c, image: 'example.test/any:1'}]}");
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.ready("web"));
        JsonNode status = cluster.pod("web").path("status");
        assertThat(status.path("phase").asText()).isEqualTo("Running");
        assertThat(status.path("podIP").asText()).startsWith("10.40.1.");
        assertThat(status.path("hostIP").asText()).isEqualTo("127.0.0.1");
        assertThat(status.path("containerStatuses").path(0).path("containerID").asText())
                .startsWith("simulated://");
        assertThat(status.path("conditions").toString()).contains("pilothouse.io/Simulated");
        assertThat(cluster.kubectl("get", "events", "-o", "jsonpath={.items[*].reason}"))
                .contains("Simulated");
        assertThat(cluster.kubectl("logs", "web")).contains("This container is simulated");
        assertThatThrownBy(() -> cluster.kubectl("exec", "web", "--", "true"))
                .hasMessageContaining("its pods are simulated");
        assertThatThrownBy(() -> cluster.kubectl("port-forward", "web", ":80"))
                .hasMessageContaining("error upgrading connection");
        cluster.delete("web");
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.pod("web").isEmpty());
    }

    @Test
    void aPodThatShallEndEnds() throws Exception {
        cluster.pod(
                "job",
                "{nodeName: node-a, restartPolicy: Never, containers: [{name: c, image: 'example.test/any:1'}]}");
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.phase("job").equals("Succeeded"));
    }

    @Test
    void whatOthersWriteIntoAPodsStatusIsPutRight() throws Exception {
        cluster.pod("contested", "{nodeName: node-a, containers: [{name: c, image: 'example.test/any:1'}]}");
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.ready("contested"));
        // As the node lifecycle controller does while a node is silent.
        cluster.client()
                .strategicPatch(
                        "/api/v1/namespaces/default/pods/contested/status",
                        TestCluster.yaml("{status: {conditions: [{type: Ready, status: 'False'}]}}"));
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.ready("contested"));
        String version = version("contested");
        Thread.sleep(3000);
        assertThat(version("contested")).as("it is left alone once it is right").isEqualTo(version);
    }

    private String version(String pod) throws IOException {
        return cluster.pod(pod).path("metadata").path("resourceVersion").asText();
    }

    @Test
    void whatOthersWriteIntoTheNodesStatusIsPutRight() throws Exception {
        cluster.client()
                .strategicPatch(
                        "/api/v1/nodes/node-a/status",
                        TestCluster.yaml("{status: {conditions: [{type: Ready, status: Unknown}]}}"));
        assertThat(cluster.nodeReady("node-a")).isFalse();
        await().atMost(TestCluster.PATIENCE).until(() -> cluster.nodeReady("node-a"));
    }

    @Test
    void theApiServerSaysWhoMayAskTheNode() throws Exception {
        assertThat(ask("/healthz", "")).isEqualTo(401);
        assertThat(ask("/healthz", "nonsense")).isEqualTo(401);
        assertThat(ask("/healthz", "node-b-token")).isEqualTo(403);
        assertThat(ask("/healthz", "admin-token")).isEqualTo(200);
    }

    private int ask(String path, String token) throws Exception {
        var request = java.net.http.HttpRequest.newBuilder(java.net.URI.create("https://127.0.0.1:" + port + path));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var client = java.net.http.HttpClient.newBuilder()
                .sslContext(cluster.trust())
                .build()) {
            return client.send(request.build(), java.net.http.HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
