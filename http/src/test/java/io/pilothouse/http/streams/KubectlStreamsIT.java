package io.pilothouse.http.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.UpgradeClient;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real kubectl, over WebSocket and over SPDY, through a front that bridges or proxies to a node, as the API server will, or straight to
 * what serves. The node runs real commands of this machine.
 */
@Timeout(60)
class KubectlStreamsIT {
    static final String OK = "{\"metadata\":{},\"status\":\"Success\"}";
    static final String POD =
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\",\"namespace\":\"default\"},"
                    + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i\"}]},\"status\":{\"phase\":\"Running\"}}";
    static final Map<String, String> DISCOVERY = Map.of(
            "/api", "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}",
            "/apis", "{\"kind\":\"APIGroupList\",\"apiVersion\":\"v1\",\"groups\":[]}",
            "/api/v1",
                    "{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":[{\"name\":\"pods\",\"singularName\":\"pod\","
                            + "\"namespaced\":true,\"kind\":\"Pod\",\"verbs\":[\"get\"]}]}");
    HttpServer front;
    HttpServer node;
    ServerSocket service;
    final UpgradeClient toNode = new UpgradeClient(Optional.empty(), Duration.ofSeconds(5));
    volatile String mode = "";

    @TempDir
    Path home;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                        .anyMatch(dir -> new File(dir, "kubectl").canExecute()),
                "no kubectl on PATH");
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        node = HttpServer.start(HttpServerConfig.of(any), this::serveNode);
        front = HttpServer.start(HttpServerConfig.of(any), this::serveFront);
        service = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.startVirtualThread(this::echoConnections);
    }

    @AfterEach
    void stop() throws Exception {
        if (front != null) {
            front.close();
            node.close();
            service.close();
        }
    }

    void echoConnections() {
        while (!service.isClosed()) {
            try {
                Socket socket = service.accept();
                Thread.startVirtualThread(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException e) {
                        System.out.println("echo ended: " + e.getMessage());
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }

    void serveFront(Exchange exchange) throws Exception {
        String path = exchange.rawPath();
        String target = path + "?" + exchange.rawQuery();
        InetSocketAddress to = node.address();
        if (path.endsWith("/exec")) {
            switch (mode) {
                case "direct" -> serveNode(exchange);
                case "proxy" -> UpgradeProxy.run(exchange, toNode, to, "127.0.0.1", target, new Headers());
                default -> {
                    CommandOptions options = CommandOptions.fromQuery(exchange.rawQuery());
                    CommandServer server = CommandServer.accept(exchange, options);
                    CommandBridge.run(
                            server, CommandClient.connect(toNode, to, "127.0.0.1", target, options, server.version()));
                }
            }
        } else if (path.endsWith("/portforward")) {
            if (mode.equals("direct")) {
                serveNode(exchange);
            } else {
                UpgradeProxy.run(exchange, toNode, to, "127.0.0.1", target, new Headers());
            }
        } else if (path.endsWith("/pods/p")) {
            exchange.respond(200, Headers.of("Content-Type", "application/json"), POD.getBytes(UTF_8));
        } else {
            String discovery = DISCOVERY.get(path);
            exchange.respond(
                    discovery == null ? 404 : 200,
                    Headers.of("Content-Type", "application/json"),
                    discovery == null ? new byte[0] : discovery.getBytes(UTF_8));
        }
    }

    void serveNode(Exchange exchange) throws Exception {
        if (exchange.rawPath().endsWith("/portforward")) {
            forwardPorts(exchange);
            return;
        }
        CommandServer server = CommandServer.accept(exchange, CommandOptions.fromQuery(exchange.rawQuery()));
        List<String> command = new ArrayList<>();
        for (String part : exchange.rawQuery().split("&", -1)) {
            if (part.startsWith("command=")) {
                command.add(URLDecoder.decode(part.substring(8), UTF_8));
            }
        }
        Process process = new ProcessBuilder(command).start();
        server.onDisconnect(process::destroyForcibly);
        Thread.startVirtualThread(() -> {
            try (var in = process.getOutputStream()) {
                server.stdin().transferTo(in);
            } catch (IOException e) {
                System.out.println("input ended: " + e.getMessage());
            }
        });
        Thread err = Thread.startVirtualThread(() -> {
            try {
                process.getErrorStream().transferTo(server.stderr());
            } catch (IOException e) {
                System.out.println("errors ended: " + e.getMessage());
            }
        });
        process.getInputStream().transferTo(server.stdout());
        err.join();
        int code = process.waitFor();
        server.finish((code == 0
                        ? OK
                        : "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"exit\",\"reason\":\"NonZeroExitCode\","
                                + "\"details\":{\"causes\":[{\"reason\":\"ExitCode\",\"message\":\"" + code + "\"}]}}")
                .getBytes(UTF_8));
    }

    void forwardPorts(Exchange exchange) throws Exception {
        try (PortForwardServer server = PortForwardServer.accept(exchange)) {
            while (server.isOpen()) {
                server.next(Duration.ofSeconds(1))
                        .ifPresent(connection -> Thread.startVirtualThread(() -> forward(connection)));
            }
        }
    }

    void forward(ForwardedConnection connection) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.getLocalPort())) {
            Thread.startVirtualThread(() -> {
                try {
                    connection.input().transferTo(socket.getOutputStream());
                    socket.shutdownOutput();
                } catch (IOException e) {
                    System.out.println("forwarding ended: " + e.getMessage());
                }
            });
            socket.getInputStream().transferTo(connection.output());
            connection.close();
        } catch (IOException e) {
            System.out.println("forwarding failed: " + e.getMessage());
        }
    }

    Process kubectl(boolean webSockets, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "kubectl", "--server=http://127.0.0.1:" + front.address().getPort()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .putAll(Map.of(
                        "HOME", home.toString(),
                        "KUBECONFIG", home.resolve("none").toString(),
                        "KUBECTL_REMOTE_COMMAND_WEBSOCKETS", Boolean.toString(webSockets),
                        "KUBECTL_PORT_FORWARD_WEBSOCKETS", Boolean.toString(webSockets)));
        return builder.redirectError(home.resolve("stderr").toFile()).start();
    }

    @ParameterizedTest
    @CsvSource({"direct,true", "direct,false", "proxy,true", "proxy,false", "bridge,true", "bridge,false"})
    void execCarriesInputOutputAndExitCode(String how, boolean webSockets) throws Exception {
        mode = how;
        Process cat = kubectl(webSockets, "exec", "-i", "p", "--", "sh", "-c", "cat; echo done >&2; exit 3");
        byte[] big = "0123456789abcdef".repeat(60_000).getBytes(UTF_8);
        Thread.startVirtualThread(() -> {
            try (var in = cat.getOutputStream()) {
                in.write(big);
            } catch (IOException e) {
                System.out.println("kubectl took no more: " + e.getMessage());
            }
        });
        byte[] out = cat.getInputStream().readAllBytes();
        assertThat(cat.waitFor(20, TimeUnit.SECONDS)).isTrue();
        String err = Files.readString(home.resolve("stderr"));
        assertThat(err).contains("done");
        assertThat(out).isEqualTo(big);
        assertThat(cat.exitValue()).as(err).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"direct,true", "direct,false", "proxy,true", "proxy,false"})
    void portForwardCarriesConnections(String how, boolean webSockets) throws Exception {
        mode = how;
        Process forward = kubectl(webSockets, "port-forward", "pod/p", ":8080");
        try (BufferedReader lines = forward.inputReader()) {
            String line = lines.readLine();
            assertThat(line).as(() -> "" + home.resolve("stderr")).startsWith("Forwarding from 127.0.0.1:");
            int port = Integer.parseInt(line.replaceAll(".*:(\\d+) ->.*", "$1"));
            for (int i = 0; i < 3; i++) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    byte[] big = new byte[300_000];
                    new java.util.Random(i).nextBytes(big);
                    Thread.startVirtualThread(() -> {
                        try {
                            socket.getOutputStream().write(big);
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            System.out.println("forwarded no more: " + e.getMessage());
                        }
                    });
                    assertThat(socket.getInputStream().readNBytes(big.length)).isEqualTo(big);
                }
            }
        } finally {
            forward.destroyForcibly().waitFor();
        }
    }
}
