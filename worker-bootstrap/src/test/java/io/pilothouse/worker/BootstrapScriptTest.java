package io.pilothouse.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.pilothouse.worker.cri.Shell;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** bootstrap.sh with instance metadata from the test and programs that write down what they are given. */
class BootstrapScriptTest {
    private static final String SCRIPT =
            Path.of("bin/bootstrap.sh").toAbsolutePath().toString();
    private static final Map<String, String> METADATA = Map.of(
            "placement/region",
            "us-east-1",
            "placement/availability-zone",
            "us-east-1a",
            "instance-id",
            "i-0123456789abcdef0",
            "mac",
            "02:00:0a:28:00:0a",
            "local-ipv4",
            "10.40.0.10",
            "local-hostname",
            "ip-10-40-0-10.us-east-1.compute.internal",
            "network/interfaces/macs/02:00:0a:28:00:0a/ipv4-prefix",
            "10.40.1.0/26",
            "network/interfaces/macs/02:00:0a:28:00:0a/vpc-ipv4-cidr-blocks",
            "10.40.0.0/16");

    @TempDir
    private Path directory = Path.of("");

    private HttpServer metadata = server();
    private Map<String, String> environment = new HashMap<>();

    private static HttpServer server() {
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        metadata.createContext("/latest/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            String answer =
                    path.equals("/latest/api/token") ? "token" : METADATA.get(path.replace("/latest/meta-data/", ""));
            byte[] body = String.valueOf(answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        metadata.start();
        program("home/bin/pilothouse");
        environment.putAll(Map.of(
                "AWS_EC2_METADATA_SERVICE_ENDPOINT",
                "http://127.0.0.1:" + metadata.getAddress().getPort() + "/",
                "PILOTHOUSE_HOME",
                directory.resolve("home").toString(),
                "PILOTHOUSE_INSTANCE_ROOT",
                directory.resolve("root").toString(),
                "AWS_REGION",
                "",
                "PATH",
                directory.resolve("bin") + ":" + System.getenv("PATH")));
    }

    @AfterEach
    void end() {
        metadata.stop(0);
    }

    /** Writes its arguments down, a line each, and ends as one that does not take them: it is not started again. */
    private void program(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(
                file,
                "#!/bin/bash\nprintf '%s\\n' \"$@\" > '" + file + ".new'; mv '" + file + ".new' '" + file
                        + ".args'; [ \"${!#}\" = --check ] || exit 2\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String arguments(String name) throws IOException {
        Path file = directory.resolve(name + ".args");
        await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(file));
        return Files.readString(file).replace('\n', ' ');
    }

    private String run(String... arguments) throws IOException {
        String[] command = new String[arguments.length + 2];
        command[0] = "bash";
        command[1] = SCRIPT;
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return Shell.run(environment, command);
    }

    @Test
    void wrongArgumentsAreNamed() {
        assertThatThrownBy(() -> run("demo", "--fancy", "1")).hasMessageContaining("unknown argument: --fancy");
        assertThatThrownBy(() -> run()).hasMessageContaining("the cluster's name is missing");
        assertThatThrownBy(() -> run("demo", "--dns-cluster-ip"))
                .hasMessageContaining("the value of --dns-cluster-ip is missing");
        assertThatThrownBy(() -> run("demo", "--ip-family", "ipv6")).hasMessageContaining("\"ipv6\" is not supported");
        assertThatThrownBy(() -> run("demo", "--local-disks", "raid0"))
                .hasMessageContaining("--local-disks is not supported");
        assertThatThrownBy(() -> run("demo", "--use-max-pods", "yes")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> run("demo", "--b64-cluster-ca", "*")).hasMessageContaining("not base64");
    }

    @Test
    void theNodeAgentIsStartedWhereThereIsNoKubelet() throws IOException {
        run(
                "demo",
                "--apiserver-endpoint",
                "https://10.0.0.1",
                "--b64-cluster-ca",
                "Q0E=",
                "--use-max-pods",
                "false",
                "--kubelet-extra-args",
                "--node-labels=a=b,c=d --register-with-taints='x=y:NoSchedule'");
        assertThat(arguments("home/bin/pilothouse"))
                .contains("node --kubeconfig " + directory.resolve("root/node/kubeconfig"))
                .contains("--cluster-dns 172.20.0.10")
                .contains("--max-pods 110")
                .contains("--node-labels=a=b,c=d --register-with-taints=x=y:NoSchedule");
        assertThat(directory.resolve("root/node/kubeconfig"))
                .content()
                .contains("server: https://10.0.0.1")
                .contains("args: [eks, get-token, --cluster-name, \"demo\", --region, \"us-east-1\"]");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("root/node/kubeconfig"))))
                .isEqualTo("rw-------");
    }

    /** No kubelet can be had for tests: a program that writes down its arguments stands in for it. */
    @Test
    void aKubeletIsStartedWhereThereIsOne() throws IOException {
        boolean root = "root".equals(System.getProperty("user.name"));
        if (!root) {
            System.out.println("BootstrapScriptTest.aKubeletIsStartedWhereThereIsOne is skipped: a kubelet needs root");
        }
        Assumptions.assumeTrue(root);
        program("bin/kubelet");
        Path socket = directory.resolve("c.sock");
        environment.put("PILOTHOUSE_CONTAINERD_SOCKET", socket.toString());
        try (ServerSocketChannel containerd = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            containerd.bind(UnixDomainSocketAddress.of(socket));
            run(
                    "demo",
                    "--apiserver-endpoint",
                    "https://10.0.0.1",
                    "--b64-cluster-ca",
                    "Q0E=",
                    "--dns-cluster-ip",
                    "10.9.0.10",
                    "--kubelet-extra-args",
                    "--node-labels=a=b --v=2");
        }
        Path node = directory.resolve("root/node");
        assertThat(arguments("home/bin/pilothouse"))
                .startsWith("node runtime --root-dir " + directory.resolve("root") + " --kubeconfig "
                        + node.resolve("kubeconfig"))
                .contains("--node-ip 10.40.0.10 --pod-cidr 10.40.1.0/26 --cluster-dns 10.9.0.10 --socket " + socket);
        assertThat(arguments("bin/kubelet"))
                .startsWith("--config " + node.resolve("kubelet.yaml") + " --kubeconfig " + node.resolve("kubeconfig"))
                .contains(
                        "--cloud-provider external --node-ip 10.40.0.10 --hostname-override ip-10-40-0-10.us-east-1.compute.internal")
                .endsWith("--node-labels=a=b --v=2 ");
        assertThat(node.resolve("ca.crt")).hasContent("CA");
        JsonNode config = TestCluster.yaml(Files.readString(node.resolve("kubelet.yaml")));
        assertThat(config.path("clusterDNS").path(0).asText()).isEqualTo("10.9.0.10");
        assertThat(config.path("maxPods").asInt()).isEqualTo(61);
        assertThat(config.path("providerID").asText()).isEqualTo("aws:///us-east-1a/i-0123456789abcdef0");
        assertThat(config.path("serverTLSBootstrap").asBoolean()).isTrue();
        assertThat(config.path("authentication")
                        .path("anonymous")
                        .path("enabled")
                        .asBoolean(true))
                .isFalse();
        assertThat(config.path("containerRuntimeEndpoint").asText()).isEqualTo("unix://" + socket);
    }
}
