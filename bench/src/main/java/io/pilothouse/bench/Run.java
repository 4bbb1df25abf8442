package io.pilothouse.bench;

import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** All measurements of one server that holds so many pods. A part that fails is told of, and the others go on. */
final class Run {
    private static final int WARM_POSTS = 10_000;
    /** After which next to nothing of a POST is left to be compiled. */
    private static final int WARM_ROUNDS = 3;

    /** A request has a minute, which is little for all of them on a slow machine. */
    private static final int DELETED_AT_ONCE = 500;

    private static final int WRITE_RATE = 1_000;
    private static final Duration SETTLE = Duration.ofSeconds(30);
    private static final Duration REST = Duration.ofMinutes(2);
    /** Upstream was measured with so many, and so is what is asked for. */
    private static final int JUDGED = 10_000;

    private static final int JUDGED_WATCHERS = 500;

    private static final int STARTS = 3;

    /** What may be left out. */
    enum Part {
        REQUESTS,
        WATCHERS,
        WRITES
    }

    private final Setting setting;
    private final Set<Part> parts;
    private final PrintStream progress;
    private final List<Figure> figures = new ArrayList<>();
    private int objectBytes;

    /**
     * How servers are run.
     *
     * @param program the API server's, with its subcommand
     * @param folder for logs and other files
     * @param heapMib as {@link ServerUnderTest} takes it
     */
    record Setting(List<String> program, Path folder, int heapMib) {
        ServerUnderTest start() throws IOException, InterruptedException {
            return new ServerUnderTest(program, folder, heapMib);
        }

        String heap() {
            return heapMib == 0 ? "the program's own" : String.format(Locale.ROOT, "%,d MiB", heapMib);
        }
    }

    /**
     * What one server came to.
     *
     * @param objectBytes how large a pod is as it is served; 0 if there never was one
     */
    record Outcome(int objects, int objectBytes, String heap, List<Figure> figures) {
        Section section() {
            var title = String.format(Locale.ROOT, "%,d pods of %,d bytes", objects, objectBytes);
            return Section.of(title, "Processor time is for one request; the heap's limit is " + heap + ".", figures);
        }
    }

    Run(Setting setting, Set<Part> parts, PrintStream progress) {
        this.setting = setting;
        this.parts = parts;
        this.progress = progress;
    }

    Outcome measure(int objects, List<Integer> watchers) throws InterruptedException {
        tell(Figure.of("start to /readyz ok", goal(objects, 2_900, 1_000), "ms", Attempt.at(this::readyMillis)));
        var filled = Attempt.at(() -> {
            measureFilled(objects, watchers);
            return true;
        });
        if (filled.ok().isEmpty()) {
            tell(Figure.of("what follows", Figure.Goal.NONE, "", filled.map(done -> 0.0)));
        }
        return new Outcome(objects, objectBytes, setting.heap(), figures);
    }

    private void measureFilled(int objects, List<Integer> watchers) throws IOException, InterruptedException {
        try (var server = setting.start()) {
            Thread.sleep(SETTLE);
            tell(idle(server));
            tell(resident(server, "resident memory, idle", goal(objects, 289, 150)));
            fill(server, objects);
            tell(resident(server, "resident memory with the pods", Figure.Goal.NONE));
            var first = Json.tree(server.succeed("GET", "/api/v1/namespaces/bench/pods?limit=1", ""))
                    .at("/items/0/metadata/name")
                    .asText();
            var pod = "/api/v1/namespaces/bench/pods/" + first;
            objectBytes = server.succeed("GET", pod, "").length();
            for (var workload : parts.contains(Part.REQUESTS) ? Workload.reads(objects, pod) : List.<Workload>of()) {
                tell(request(objects, workload, Attempt.at(() -> {
                    workload.load().times(workload.warmUp()).run(server, setting.folder());
                    return workload.load().run(server, setting.folder());
                })));
            }
            watch(server, objects, parts.contains(Part.WATCHERS) ? watchers : List.of());
            Thread.sleep(REST);
            tell(resident(server, "resident memory after two quiet minutes", Figure.Goal.NONE));
            if (parts.contains(Part.WRITES)) {
                readUnderWrites(server, objects, pod);
            }
        }
    }

    private static Figure.Goal goal(int objects, double upstream, double most) {
        return objects == JUDGED ? new Figure.Goal(upstream, most) : Figure.Goal.NONE;
    }

    /** The median time of some starts over an empty etcd. */
    private double readyMillis() throws IOException, InterruptedException {
        var times = new ArrayList<Double>();
        for (int i = 0; i < STARTS; i++) {
            try (var server = setting.start()) {
                times.add(server.readyMillis());
            }
        }
        return times.stream().sorted().toList().get(STARTS / 2);
    }

    /** Makes the pods; those of a namespace that goes again before warm the server up. */
    private void fill(ServerUnderTest server, int objects) throws IOException, InterruptedException {
        var body = Files.writeString(setting.folder().resolve("pod.json"), SamplePod.json());
        for (var namespace : List.of("warm", "bench", "watched")) {
            server.succeed("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"" + namespace + "\"}}");
        }
        for (int round = 0; round < WARM_ROUNDS; round++) {
            var result =
                    Workload.posts(WARM_POSTS, "warm", body.toString()).load().run(server, setting.folder());
            if (round == 0) {
                tell(new Figure(
                        String.format(Locale.ROOT, "POST a pod, the first %,d of a server", WARM_POSTS),
                        Figure.Goal.NONE,
                        "ms",
                        new Attempt<>(new Figure.Value(result.cpuMillisEach(), result.times()), "")));
            }
            for (int left = WARM_POSTS; left > 0; left -= DELETED_AT_ONCE) {
                server.succeed("DELETE", "/api/v1/namespaces/warm/pods?limit=" + DELETED_AT_ONCE, "");
            }
        }
        var post = Workload.posts(objects, "bench", body.toString());
        tell(request(objects, post, new Attempt<>(post.load().run(server, setting.folder()), "")));
    }

    private static Figure request(int objects, Workload workload, Attempt<Load.Result> result) {
        return new Figure(
                workload.name(),
                goal(objects, workload.upstreamMillis(), workload.limitMillis()),
                "ms",
                result.map(r -> new Figure.Value(r.cpuMillisEach(), r.times())));
    }

    private static Figure idle(ServerUnderTest server) throws InterruptedException {
        return Figure.of("processor time, idle", Figure.Goal.NONE, "ms a second", Attempt.at(() -> {
            double before = server.meter().cpuMillis();
            Thread.sleep(SETTLE);
            return (server.meter().cpuMillis() - before) / SETTLE.toSeconds();
        }));
    }

    private static Figure resident(ServerUnderTest server, String name, Figure.Goal goal) throws InterruptedException {
        return Figure.of(name, goal, "MiB", Attempt.at(() -> server.meter().residentMib()));
    }

    private void watch(ServerUnderTest server, int objects, List<Integer> watchers)
            throws IOException, InterruptedException {
        var pod = Json.tree(server.succeed("POST", "/api/v1/namespaces/watched/pods", SamplePod.json()))
                .at("/metadata/name")
                .asText();
        var fanOut = new FanOut(server, setting.folder(), "watched", pod);
        for (int count :
                watchers.stream().filter(count -> count <= JUDGED_WATCHERS).toList()) {
            watch(fanOut, objects, count);
        }
        tell(resident(server, "resident memory after all of the above", goal(objects, 1_658, 400)));
        for (int count :
                watchers.stream().filter(count -> count > JUDGED_WATCHERS).toList()) {
            watch(fanOut, objects, count);
        }
    }

    private void watch(FanOut fanOut, int objects, int count) throws InterruptedException {
        var result = Attempt.at(() -> fanOut.measure(count));
        var name = String.format(Locale.ROOT, "an event to one of %,d watchers", count);
        tell(Figure.of(
                "watch: " + name,
                count == JUDGED_WATCHERS ? goal(objects, 19.8, 2.5) : Figure.Goal.NONE,
                "µs",
                result.map(FanOut.Result::microsEach)));
        tell(Figure.of(
                String.format(Locale.ROOT, "resident memory with %,d watchers", count),
                Figure.Goal.NONE,
                "MiB",
                result.map(FanOut.Result::residentMib)));
    }

    private void readUnderWrites(ServerUnderTest server, int objects, String pod) throws InterruptedException {
        var result = Attempt.at(() -> UnderWrites.measure(server, setting.folder(), pod, WRITE_RATE));
        tell(wait("p99 of a GET while 1,000 writes a second go on", objects, result.map(UnderWrites.Result::get)));
        tell(wait("p99 of a LIST of 100 meanwhile", objects, result.map(UnderWrites.Result::list)));
        tell(Figure.of(
                "writes meanwhile", Figure.Goal.NONE, "a second", result.map(UnderWrites.Result::writesASecond)));
    }

    private static Figure wait(String name, int objects, Attempt<Load.Result> result) {
        return new Figure(
                name, goal(objects, 0, 10), "ms", result.map(r -> new Figure.Value(r.latencyMillis(0.99), r.times())));
    }

    private void tell(Figure figure) {
        progress.printf(
                "  %-48s %s%n",
                figure.name(), figure.amount() + " " + figure.measured().failure());
        figures.add(figure);
    }
}
