package io.pilothouse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** What an event costs for each of its watchers: the same changes of a pod without watchers and with them, and the difference. */
final class FanOut {
    /** Many watchers share a connection, as those of a controller's client do; a server allows 250 streams or fewer. */
    private static final int MOST_STREAMS = 250;

    private static final int LEAST_STREAMS = 50;
    private static final int MOST_CONNECTIONS = 40;
    /** The compiler is still at it after a few thousand changes, which the difference of two times would not forgive. */
    private static final int WARM_UP = 5_000;

    /** With watchers it begins again, for what is done for each of them. Many are warmed up by so many times the events that are measured, which is less. */
    private static final int MOST_WARM_UPS = 5;

    /** Half of what the slowest machine of those used so far does. */
    private static final int DELIVERIES_A_SECOND = 30_000;

    private static final int MOST_DELIVERIES = 500_000;
    private static final int MOST_EVENTS = 2_000;
    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final Duration OPENING = Duration.ofMinutes(2);
    private static final Pattern DATA = Pattern.compile("\\((\\d+)\\) data");
    private final ServerUnderTest server;
    private final Path folder;
    private final String namespace;
    private final String pod;

    /**
     * What was measured.
     *
     * @param microsEach of the server's processor time to deliver an event to one watcher
     * @param bytes that all watchers were sent
     * @param residentMib of the server with all watches open
     */
    record Result(int watchers, int events, double microsEach, long bytes, double residentMib) {}

    /**
     * @param namespace that holds the pod and nothing else
     * @param pod its name
     */
    FanOut(ServerUnderTest server, Path folder, String namespace, String pod) {
        this.server = server;
        this.folder = folder;
        this.namespace = namespace;
        this.pod = pod;
    }

    Result measure(int watchers) throws IOException, InterruptedException {
        var path = "/api/v1/namespaces/" + namespace + "/pods/" + pod;
        int events = Math.clamp(MOST_DELIVERIES / watchers, 10, MOST_EVENTS);
        int warmUp = Math.min(WARM_UP, events * MOST_WARM_UPS);
        change(path, WARM_UP);
        long start = System.nanoTime();
        double alone = change(path, events);
        long secondsAlone = (System.nanoTime() - start) / 1_000_000_000;
        int streams = Math.clamp(watchers / MOST_CONNECTIONS, LEAST_STREAMS, MOST_STREAMS);
        // They end all by themselves, as h2load tells of its bytes only then: long after the last event is delivered,
        // however slow the machine is.
        long seconds =
                20 + watchers / 200 + secondsAlone * 4 + (long) watchers * (events + warmUp) / DELIVERIES_A_SECOND;
        var watch = new Load(
                watchers,
                Math.ceilDiv(watchers, streams),
                streams,
                List.of("-HAccept: application/json"),
                List.of("/api/v1/namespaces/" + namespace + "/pods?watch=1&resourceVersion=0&timeoutSeconds="
                        + seconds),
                OPENING.plusSeconds(seconds));
        var output = folder.resolve("watchers.txt");
        var clients = new ProcessBuilder(watch.command(server, folder))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            awaitOpen(watchers);
            change(path, warmUp);
            double together = change(path, events);
            double resident = server.meter().residentMib();
            if (clients.waitFor() != 0) {
                throw new IOException("the watchers' h2load: " + Files.readString(output));
            }
            long bytes = delivered(Files.readString(output, StandardCharsets.UTF_8), path, watchers, events);
            double micros = (together - alone) * 1000 / ((double) watchers * events);
            return new Result(watchers, events, micros, bytes, resident);
        } finally {
            clients.destroy(); // timeout passes it on to h2load
        }
    }

    /** Until the server says that so many watch. */
    private void awaitOpen(int watchers) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (watching() < watchers) {
            if (System.nanoTime() - start > OPENING.toNanos()) {
                throw new IOException("after " + OPENING + " only " + watching() + " of " + watchers + " watch");
            }
            Thread.sleep(QUIET);
        }
        Thread.sleep(QUIET);
    }

    private int watching() throws IOException, InterruptedException {
        return server.succeed("GET", "/metrics", "")
                .lines()
                .filter(line -> line.startsWith("apiserver_longrunning_requests{")
                        && line.contains("resource=\"pods\"")
                        && line.contains("verb=\"WATCH\""))
                .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** How many bytes the watchers had, of which there must be enough for each event. */
    private long delivered(String told, String path, int watchers, int events)
            throws IOException, InterruptedException {
        if (Load.succeeded(told) != watchers) {
            throw new IOException("not every watch was served: " + told);
        }
        var data = DATA.matcher(told);
        long bytes = data.find() ? Long.parseLong(data.group(1)) : 0;
        long expected =
                (long) watchers * events * server.succeed("GET", path, "").length();
        if (bytes < expected) {
            throw new IOException("the watchers were sent " + bytes + " of " + expected + " bytes");
        }
        return bytes;
    }

    /** The server's processor time for so many changes, and until it has delivered them. */
    private double change(String path, int times) throws IOException, InterruptedException {
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
