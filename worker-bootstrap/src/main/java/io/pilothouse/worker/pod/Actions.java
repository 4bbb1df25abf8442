package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.http.grpc.GrpcClient;
import io.pilothouse.worker.cri.ContainerRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** What probes and life-cycle hooks do: run a command, ask over HTTP, connect. */
final class Actions {
    private final ContainerRuntime runtime;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(AnyServer.context())
            .build();

    Actions(ContainerRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Does it; empty when it went well, else why not.
     *
     * @param host the pod's address
     */
    String run(JsonNode action, JsonNode container, String containerId, String host, Duration timeout) {
        try {
            if (action.has("exec")) {
                ContainerRuntime.ExecResult result =
                        runtime.exec(containerId, Pods.texts(action.path("exec").path("command")), timeout);
                return result.exitCode() == 0
                        ? ""
                        : "command ended with " + result.exitCode() + ": "
                                + new String(result.stdout(), StandardCharsets.UTF_8)
                                + new String(result.stderr(), StandardCharsets.UTF_8);
            }
            if (action.has("httpGet")) {
                return get(action.path("httpGet"), container, host, timeout);
            }
            if (action.has("tcpSocket")) {
                try (Socket socket = new Socket()) {
                    String target = action.path("tcpSocket").path("host").asText(host);
                    socket.connect(
                            new InetSocketAddress(
                                    target, port(action.path("tcpSocket").path("port"), container)),
                            (int) timeout.toMillis());
                    return "";
                }
            }
            if (action.has("grpc")) {
                return health(action.path("grpc"), host, timeout);
            }
            if (action.has("sleep")) {
                Thread.sleep(
                        Duration.ofSeconds(action.path("sleep").path("seconds").asLong()));
                return "";
            }
            return "this node supports exec, httpGet, tcpSocket, grpc and sleep only";
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    /** The health checking protocol of gRPC: {@code grpc.health.v1.Health/Check}. */
    private static String health(JsonNode action, String host, Duration timeout) throws IOException {
        try (GrpcClient grpc = GrpcClient.onPort(
                new InetSocketAddress(host, action.path("port").asInt()))) {
            byte[] service = action.path("service").asText("").getBytes(StandardCharsets.UTF_8);
            byte[] request = new byte[service.length == 0 ? 0 : service.length + 2];
            if (service.length > 0) { // field 1, a text; names are shorter than 128 bytes
                request[0] = 10;
                request[1] = (byte) service.length;
                System.arraycopy(service, 0, request, 2, service.length);
            }
            byte[] answer = grpc.call("/grpc.health.v1.Health/Check", request, timeout);
            return answer.length == 2 && answer[0] == 8 && answer[1] == 1
                    ? ""
                    : "service unhealthy (responded with \"NOT_SERVING\")";
        }
    }

    private String get(JsonNode action, JsonNode container, String host, Duration timeout)
            throws IOException, InterruptedException {
        String scheme = action.path("scheme").asText("HTTP").toLowerCase(Locale.ROOT);
        String path = action.path("path").asText("/");
        URI target = URI.create(scheme + "://" + action.path("host").asText(host) + ":"
                + port(action.path("port"), container) + (path.startsWith("/") ? "" : "/") + path);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target).timeout(timeout).header("User-Agent", "kube-probe/1.36");
        for (JsonNode header : action.path("httpHeaders")) {
            request.header(header.path("name").asText(), header.path("value").asText());
        }
        HttpResponse<Void> response = http.send(request.build(), HttpResponse.BodyHandlers.discarding());
        int code = response.statusCode();
        return code >= 200 && code < 400 ? "" : "HTTP probe failed with statuscode: " + code;
    }

    private static int port(JsonNode port, JsonNode container) {
        if (port.isNumber()) {
            return port.asInt();
        }
        for (JsonNode named : container.path("ports")) {
            if (named.path("name").asText().equals(port.asText())) {
                return named.path("containerPort").asInt();
            }
        }
        if (port.asText().matches("[0-9]{1,5}")) {
            return Integer.parseInt(port.asText());
        }
        throw new IllegalArgumentException("couldn't find port: " + port.asText());
    }
}
