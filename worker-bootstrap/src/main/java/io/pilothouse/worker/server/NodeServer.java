package io.pilothouse.worker.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
import io.pilothouse.http.Headers;
import io.pilothouse.http.ResponseStream;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.streams.CommandOptions;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import io.pilothouse.worker.cri.ContainerRuntime.Sandbox;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.pod.PodManager;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kubelet's API, as far as the API server, kubectl and metrics collectors use it. */
public final class NodeServer implements Handler {
    private static final String TEXT = "text/plain; charset=utf-8";
    private final PodManager pods;
    private final ContainerRuntime runtime;
    private final PodStreams streams;
    private final CallerCheck callers;
    private final Clock clock;

    /** @param authorities who sign the API server's client certificate */
    public NodeServer(
            PodManager pods,
            ContainerRuntime runtime,
            ApiClient client,
            List<X509Certificate> authorities,
            String node,
            Clock clock) {
        this.pods = pods;
        this.runtime = runtime;
        this.streams = new PodStreams(runtime);
        this.callers = new CallerCheck(client, authorities, node, clock);
        this.clock = clock;
    }

    private static String verb(String method) {
        return switch (method) {
            case "POST" -> "create";
            case "GET" -> "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> "delete";
            default -> "";
        };
    }

    /** As which part of the node a path is authorized. */
    private static List<String> subresources(String first) {
        return switch (first) {
            case "metrics", "stats" -> List.of(first);
            case "logs" -> List.of("log");
            case "pods", "runningpods" -> List.of("pods", "proxy");
            case "healthz", "configz" -> List.of(first, "proxy");
            default -> List.of("proxy");
        };
    }

    @Override
    public void handle(Exchange exchange) throws Exception {
        List<String> path = Arrays.stream(exchange.rawPath().split("/", -1))
                .filter(p -> !p.isEmpty())
                .map(p -> URLDecoder.decode(p.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
        String first = path.isEmpty() ? "" : path.getFirst();
        int refused = callers.check(exchange, verb(exchange.method()), subresources(first));
        if (refused != 0) {
            text(exchange, refused, refused == 401 ? "Unauthorized" : "Forbidden");
            return;
        }
        try {
            route(exchange, first, path);
        } catch (UpgradeException e) {
            text(exchange, e.status(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            text(exchange, 400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            if (exchange.responded()) {
                throw e;
            }
            text(exchange, 500, String.valueOf(e.getMessage()));
        }
    }

    private void route(Exchange exchange, String first, List<String> path) throws Exception {
        switch (first) {
            case "healthz" -> text(exchange, 200, "ok");
            case "pods" -> podList(exchange, pods.pods());
            case "runningpods" -> podList(exchange, running());
            case "metrics" ->
                text(
                        exchange,
                        200,
                        path.size() == 2 && path.get(1).equals("resource")
                                ? Metrics.resource(pods.pods().size(), clock)
                                : "");
            case "containerLogs" -> {
                if (withPod(exchange, path, 4)) {
                    logs(exchange, pod(path), path.get(3));
                }
            }
            case "exec", "attach" -> {
                if (withPod(exchange, path, path.size() == 5 ? 5 : 4)) {
                    command(exchange, first.equals("exec"), pod(path), path.getLast());
                }
            }
            case "portForward" -> {
                if (withPod(exchange, path, path.size() == 4 ? 4 : 3)) {
                    Optional<Sandbox> sandbox = streams.sandbox(pod(path));
                    if (sandbox.isEmpty()) {
                        text(exchange, 404, "pod does not run");
                    } else {
                        streams.forward(exchange, sandbox.get().id());
                    }
                }
            }
            default -> text(exchange, 404, "404 page not found");
        }
    }

    private boolean withPod(Exchange exchange, List<String> path, int length) throws IOException {
        boolean found =
                path.size() == length && pods.pod(path.get(1), path.get(2)).isPresent();
        if (!found) {
            text(exchange, 404, "pod does not exist");
        }
        return found;
    }

    private JsonNode pod(List<String> path) {
        return pods.pod(path.get(1), path.get(2)).orElseThrow(() -> new IllegalArgumentException("pod does not exist"));
    }

    private void logs(Exchange exchange, JsonNode pod, String container) throws IOException, InterruptedException {
        LogOptions options = LogOptions.parse(query(exchange), clock.instant());
        List<Container> runs = streams.runs(pod, container);
        int wanted = options.previous() ? 1 : 0;
        if (runs.size() <= wanted) {
            text(
                    exchange,
                    400,
                    (options.previous() ? "previous terminated container \"" : "container \"") + container
                            + "\" in pod \"" + pod.path("metadata").path("name").asText()
                            + (options.previous() ? "\" not found" : "\" is waiting to start: ContainerCreating"));
            return;
        }
        Container run = runs.get(wanted);
        Path file = Path.of(run.logPath());
        if (!Files.exists(file)) {
            text(exchange, 500, "the log of container \"" + container + "\" is gone");
            return;
        }
        try (ResponseStream answer = exchange.startStream(200, Headers.of("Content-Type", TEXT))) {
            answer.flush();
            new LogFile(file).copy(options, output(answer), () -> !answer.isClosed() && runs(pod, run));
        }
    }

    private boolean runs(JsonNode pod, Container run) {
        try {
            return streams.runs(pod, run.name()).stream()
                    .anyMatch(c -> c.id().equals(run.id()) && c.state() == ContainerRuntime.State.RUNNING);
        } catch (IOException e) {
            return false;
        }
    }

    private static OutputStream output(ResponseStream answer) {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                if (length > 0) {
                    answer.write(Arrays.copyOfRange(bytes, from, from + length));
                }
            }
        };
    }

    private void command(Exchange exchange, boolean exec, JsonNode pod, String container) throws IOException {
        List<Container> runs = streams.runs(pod, container);
        if (runs.isEmpty() || runs.getFirst().state() != ContainerRuntime.State.RUNNING) {
            text(exchange, 404, "container not found (\"" + container + "\")");
            return;
        }
        List<String> command = new ArrayList<>();
        for (String part : exchange.rawQuery().split("&", -1)) {
            if (part.startsWith("command=")) {
                command.add(URLDecoder.decode(part.substring(8), StandardCharsets.UTF_8));
            }
        }
        if (exec && command.isEmpty()) {
            throw new IllegalArgumentException("you must specify a command");
        }
        streams.command(
                exchange,
                runs.getFirst().id(),
                exec ? command : List.of(),
                CommandOptions.fromQuery(exchange.rawQuery()));
    }

    private List<JsonNode> running() throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (Sandbox sandbox : runtime.sandboxes()) {
            if (sandbox.ready()) {
                ObjectNode pod = ApiClient.object();
                pod.putObject("metadata")
                        .put("name", sandbox.name())
                        .put("namespace", sandbox.namespace())
                        .put("uid", sandbox.uid());
                ArrayNode containers = pod.putObject("spec").putArray("containers");
                runtime.containers(sandbox.id())
                        .forEach(c ->
                                containers.addObject().put("name", c.name()).put("image", c.image()));
                all.add(pod.set("status", ApiClient.object()));
            }
        }
        return all;
    }

    private static void podList(Exchange exchange, List<JsonNode> items) throws IOException {
        ObjectNode list = ApiClient.object().put("kind", "PodList").put("apiVersion", "v1");
        list.putObject("metadata");
        ArrayNode all = list.putArray("items");
        items.forEach(all::add);
        exchange.respond(
                200,
                Headers.of("Content-Type", "application/json"),
                list.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> query(Exchange exchange) {
        Map<String, String> all = new HashMap<>();
        for (String part : exchange.rawQuery().split("&", -1)) {
            String[] pair = part.split("=", 2);
            all.put(pair[0], pair.length > 1 ? URLDecoder.decode(pair[1], StandardCharsets.UTF_8) : "");
        }
        return all;
    }

    private static void text(Exchange exchange, int status, String body) throws IOException {
        exchange.respond(status, Headers.of("Content-Type", TEXT), body.getBytes(StandardCharsets.UTF_8));
    }
}
