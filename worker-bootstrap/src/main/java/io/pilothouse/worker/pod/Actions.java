package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
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

/** What probes and life-cycle hooks do: run a command, ask over HTTP, connect. */
final class Actions {
    private final ContainerRuntime runtime;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER).build();

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
                ContainerRuntime.ExecResult result = runtime.exec(containerId, Pods.texts(action.path("exec").path("command")), timeout);
                return result.exitCode() == 0 ? "" : "command ended with " + result.exitCode() + ": " + new String(result.stdout(), StandardCharsets.UTF_8)
                        + new String(result.stderr(), StandardCharsets.UTF_8);
            }
            if (action.has("httpGet")) {
                return get(action.path("httpGet"), container, host, timeout);
            }
            if (action.has("tcpSocket")) {
                try (Socket socket = new Socket()) {
                    String target = action.path("tcpSocket").path("host").asText(host);
                    socket.connect(new InetSocketAddress(target, port(action.path("tcpSocket").path("port"), container)), (int) timeout.toMillis());
                    return "";
                }
            }
            if (action.has("sleep")) {
                Thread.sleep(Duration.ofSeconds(action.path("sleep").path("seconds").asLong()));
                return "";
            }
            return "this node supports exec, httpGet, tcpSocket and sleep only";
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private String get(JsonNode action, JsonNode container, String host, Duration timeout) throws IOException, InterruptedException {
        if (action.path("scheme").asText("HTTP").equals("HTTPS")) {
            return "probes over HTTPS are not supported by this node";
        }
        String path = action.path("path").asText("/");
        URI target = URI.create("http://" + action.path("host").asText(host) + ":" + port(action.path("port"), container) + (path.startsWith("/") ? "" : "/") + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(target).timeout(timeout).header("User-Agent", "kube-probe/1.36");
        for (JsonNode header : action.path("httpHeaders")) {
            if (!header.path("name").asText().equalsIgnoreCase("host")) {
                request.header(header.path("name").asText(), header.path("value").asText());
            }
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
