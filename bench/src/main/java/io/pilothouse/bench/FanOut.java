package io.pilothouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What an event costs for each of its watchers: the same changes of a pod without watchers and with them, and the difference. */
final class FanOut {
    private static final int STREAMS = 50;
    private static final int WARM_UP = 200;
    private static final Duration QUIET = Duration.ofSeconds(1);

    private FanOut() {}

    /**
     * What was measured.
     *
     * @param microsEach of the server's processor time to deliver an event to one watcher
     * @param bytes that all watchers were sent
     * @param residentMib of the server with all watches open
     */
    record Result(int watchers, int events, double microsEach, long bytes, double residentMib) {}

    /** @param namespace that holds the pod and nothing else */
    static Result measure(ServerUnderTest server, Path folder, String namespace, String pod, int watchers, int events)
            throws IOException, InterruptedException {
        var path = "/api/v1/namespaces/" + namespace + "/pods/" + pod;
        change(server, path, WARM_UP);
        double alone = change(server, path, events);
        long opening = 2_000 + watchers / 2L;
        long seconds = (opening + 20_000 + watchers * 2L) / 1_000;
        var watch = new Load(
                watchers,
                Math.ceilDiv(watchers, STREAMS),
                STREAMS,
                List.of("-HAccept: application/json"),
                List.of("/api/v1/namespaces/" + namespace + "/pods?watch=1&resourceVersion=0&timeoutSeconds="
                        + seconds));
        var output = folder.resolve("watchers.txt");
        var clients = new ProcessBuilder(watch.command(server, folder))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Thread.sleep(Duration.ofMillis(opening));
        double together = change(server, path, events);
        double resident = server.meter().residentMib();
        if (clients.waitFor() != 0) {
            throw new IOException(Files.readString(output));
        }
        var told = Files.readString(output, StandardCharsets.UTF_8);
        if (!told.contains(watchers + " succeeded")) {
            throw new IOException("not every watch was served:\n" + told);
        }
        long bytes = Long.parseLong(told.replaceAll("(?s).*\\((\\d+)\\) data.*", "$1"));
        long expected =
                (long) watchers * events * server.succeed("GET", path, "").length();
        if (bytes < expected) {
            throw new IOException("the watchers were sent " + bytes + " of " + expected + " bytes");
        }
        return new Result(watchers, events, (together - alone) * 1000 / ((double) watchers * events), bytes, resident);
    }

    /** The server's processor time for so many changes, and until it has delivered them. */
    private static double change(ServerUnderTest server, String path, int times)
            throws IOException, InterruptedException {
        var meter = server.meter();
        double before = meter.cpuMillis();
        for (int i = 0; i < times; i++) {
            server.merge(path, "{\"metadata\": {\"annotations\": {\"example.com/change\": \"" + i + "\"}}}");
        }
        double last;
        double now = meter.cpuMillis();
        do {
            Thread.sleep(QUIET);
            last = now;
            now = meter.cpuMillis();
        } while (now - last > QUIET.toMillis() / 20.0);
        return now - before;
    }
}
