package io.pilothouse.bench;

import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** All measurements of one server that holds so many pods. */
final class Run {
    private static final int WARM_POSTS = 3_000;
    private static final int EVENTS = 300;
    private static final int WRITE_RATE = 1_000;
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private final List<String> program;
    private final Path folder;
    private final PrintStream progress;

    /**
     * What one server came to.
     *
     * @param idleMib resident memory some seconds after the start
     * @param afterMib the same after all requests
     * @param objectBytes how large a pod is as it is served
     */
    record Outcome(
            int objects,
            int objectBytes,
            double readyMillis,
            double idleMib,
            double filledMib,
            double afterMib,
            List<Measured> workloads,
            List<FanOut.Result> fanOuts,
            UnderWrites.Result underWrites) {}

    /** A workload with what it came to. */
    record Measured(Workload workload, Load.Result result) {}

    Run(List<String> program, Path folder, PrintStream progress) {
        this.program = program;
        this.folder = folder;
        this.progress = progress;
    }

    /** The median time of three starts over an empty etcd. */
    double readyMillis() throws IOException, InterruptedException {
        var times = new ArrayList<Double>();
        for (int i = 0; i < 3; i++) {
            try (var server = new ServerUnderTest(program, folder)) {
                times.add(server.readyMillis());
            }
        }
        return times.stream().sorted().toList().get(1);
    }

    Outcome measure(int objects, List<Integer> watchers) throws IOException, InterruptedException {
        double ready = readyMillis();
        try (var server = new ServerUnderTest(program, folder)) {
            Thread.sleep(SETTLE);
            double idle = server.meter().residentMib();
            var measured = new ArrayList<Measured>();
            var post = fill(server, objects);
            measured.add(post);
            double filled = server.meter().residentMib();
            var first = Json.tree(server.succeed("GET", "/api/v1/namespaces/bench/pods?limit=1", ""))
                    .at("/items/0/metadata/name")
                    .asText();
            var pod = "/api/v1/namespaces/bench/pods/" + first;
            int bytes = server.succeed("GET", pod, "").length();
            progress.printf(
                    "  ready after %.0f ms, resident %.0f MiB; %.0f MiB with %,d pods of %,d bytes%n",
                    ready, idle, filled, objects, bytes);
            for (var workload : Workload.reads(objects, pod)) {
                workload.load().times(workload.warmUp()).run(server, folder);
                measured.add(tell(new Measured(workload, workload.load().run(server, folder))));
            }
            var fanOuts = new ArrayList<FanOut.Result>();
            var watched = makePod(server, "watched");
            for (int count : watchers) {
                var result = FanOut.measure(server, folder, "watched", watched, count, EVENTS);
                progress.printf("  %-48s %8.2f µs an event and watcher%n", count + " watchers", result.microsEach());
                fanOuts.add(result);
            }
            var underWrites = UnderWrites.measure(server, folder, pod, WRITE_RATE);
            return new Outcome(
                    objects, bytes, ready, idle, filled, server.meter().residentMib(), measured, fanOuts, underWrites);
        }
    }

    /** Makes the pods; those of a namespace that goes again before warm the server up. */
    private Measured fill(ServerUnderTest server, int objects) throws IOException, InterruptedException {
        var body = Files.writeString(folder.resolve("pod.json"), SamplePod.json());
        for (var namespace : List.of("warm", "bench", "watched")) {
            server.succeed("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"" + namespace + "\"}}");
        }
        Workload.posts(WARM_POSTS, "warm", body.toString()).load().run(server, folder);
        server.succeed("DELETE", "/api/v1/namespaces/warm/pods", "");
        var post = Workload.posts(objects, "bench", body.toString());
        return tell(new Measured(post, post.load().run(server, folder)));
    }

    private static String makePod(ServerUnderTest server, String namespace) throws IOException, InterruptedException {
        return Json.tree(server.succeed("POST", "/api/v1/namespaces/" + namespace + "/pods", SamplePod.json()))
                .at("/metadata/name")
                .asText();
    }

    private Measured tell(Measured measured) {
        progress.printf(
                "  %-48s %8.3f ms CPU%n",
                measured.workload().name(), measured.result().cpuMillisEach());
        return measured;
    }
}
