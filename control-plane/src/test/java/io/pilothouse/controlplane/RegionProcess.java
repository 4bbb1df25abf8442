package io.pilothouse.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.process.RunningProcess;
import io.pilothouse.controlplane.process.Supervisor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/** A region service in a process of its own, which can be killed, and real clients of it. */
final class RegionProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final Path directory;
    private final Path program;
    private final int port;
    private Process process;

    RegionProcess(Path directory) throws IOException {
        this.directory = directory;
        this.program = TestProgram.script(directory);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        process = begin();
    }

    private Process begin() throws IOException {
        Path log = directory.resolve("region.log");
        return new ProcessBuilder(
                        program.toString(),
                        "region",
                        "--data-dir=" + data(),
                        "--port=" + port,
                        "--isolate=false",
                        "--program=" + program,
                        "--masters=apiserver",
                        "--backup-every=PT0S",
                        "--backup-keep=2")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    Path data() {
        return directory.resolve("data");
    }

    /** Waits until it serves. */
    void awaitServing() {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(process.isAlive()).as(() -> log()).isTrue();
            return Files.exists(data().resolve("credentials")) && answers();
        });
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("region.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean answers() {
        try {
            return get("/clusters").statusCode() == 403;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** An unsigned request. */
    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(endpoint() + path)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    /** Kills it as a crash would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Starts it anew over what it left. */
    void restart() throws IOException {
        process = begin();
        awaitServing();
    }

    /** What a command said. */
    record Result(int exit, String out) {}

    Result run(String command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(new ArrayList<>(List.of(command.split(" ")))).redirectErrorStream(true);
        builder.environment().keySet().removeIf(n -> n.startsWith("AWS_"));
        builder.environment().putAll(credentials());
        builder.environment()
                .putAll(Map.of(
                        "HOME", directory.toString(), "AWS_DEFAULT_REGION", "us-east-1", "AWS_MAX_ATTEMPTS", "1"));
        Process running = builder.start();
        String out = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(running.waitFor(), out);
    }

    Map<String, String> credentials() throws IOException {
        Map<String, String> all = new HashMap<>();
        for (String line : Files.readAllLines(data().resolve("credentials"))) {
            all.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
        return all;
    }

    /** The output of a command that must succeed. */
    String ok(String command) throws IOException, InterruptedException {
        Result result = run(command);
        assertThat(result.exit()).as(command + ": " + result.out()).isZero();
        return result.out().strip();
    }

    /** The answer of {@code aws eks …}. */
    JsonNode eks(String arguments) throws IOException, InterruptedException {
        return Json.parse(ok("aws eks --output json " + arguments));
    }

    /** The message of {@code aws eks …} that must fail. */
    String refused(String arguments) throws IOException, InterruptedException {
        Result result = run("aws eks " + arguments);
        assertThat(result.exit()).as(arguments + ": " + result.out()).isNotZero();
        return result.out();
    }

    /** The output of {@code pilothouse backup …}. */
    String backup(String arguments) throws IOException, InterruptedException {
        return ok(program + " backup " + arguments);
    }

    /** Repeats a command until its output has that in it. */
    void await(String command, String expected) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> run(command).out().contains(expected));
    }

    /** A process of a cluster. */
    RunningProcess part(String cluster, String name) throws IOException {
        return Json.read(
                Files.readAllBytes(data().resolve("clusters")
                        .resolve(cluster)
                        .resolve(name)
                        .resolve("process.json")),
                RunningProcess.class);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Supervisor.endAllBelow(data(), Duration.ZERO);
    }
}
