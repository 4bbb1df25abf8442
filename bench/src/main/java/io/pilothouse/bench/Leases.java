package io.pilothouse.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Nodes that renew their leases every ten seconds, as kubelets do: each puts its lease with the resource version that it was last told. */
final class Leases {
    private static final String PATH = "/apis/coordination.k8s.io/v1/namespaces/bench-leases/leases";
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** The first warms the server up and is not measured. */
    private static final int ROUNDS = 7;

    private static final DateTimeFormatter MICRO_TIME = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Leases() {}

    /**
     * What was measured.
     *
     * @param percent of one processor that the server took
     * @param micros from the moment a renewal was sent to its answer, sorted
     */
    private record Result(double percent, double renewalsASecond, int failed, long[] micros) {
        double millis(double quantile) {
            return micros[(int) Math.min(micros.length - 1L, Math.round(micros.length * quantile))] / 1000.0;
        }
    }

    static Section measure(Run.Setting setting, int nodes) throws InterruptedException {
        var result = Attempt.at(() -> renew(setting, nodes));
        var title = String.format(Locale.ROOT, "Leases of %,d nodes, renewed every %d s", nodes, PERIOD.toSeconds());
        return Section.of(
                title,
                "For a minute, spread evenly, after a round that is not measured.",
                List.of(
                        Figure.of(
                                "the server's processor time, of one processor",
                                Figure.Goal.NONE,
                                "%",
                                result.map(Result::percent)),
                        new Figure(
                                "p99 of a renewal",
                                Figure.Goal.NONE,
                                "ms",
                                result.map(r -> new Figure.Value(
                                        r.millis(0.99),
                                        Figure.number(r.millis(0.5)) + " / " + Figure.number(r.millis(0.99)) + " ms"))),
                        Figure.of("renewals", Figure.Goal.NONE, "a second", result.map(Result::renewalsASecond)),
                        Figure.of("renewals that failed", Figure.Goal.NONE, "", result.map(r -> (double) r.failed()))));
    }

    private static Result renew(Run.Setting setting, int nodes) throws IOException, InterruptedException {
        try (var server = setting.start()) {
            server.succeed("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"bench-leases\"}}");
            var leases = new ArrayList<ObjectNode>();
            for (int i = 0; i < nodes; i++) {
                leases.add((ObjectNode)
                        Json.tree(server.succeed("POST", PATH, """
                        {"metadata": {"name": "node-%1$d"}, "spec": {"holderIdentity": "node-%1$d", "leaseDurationSeconds": 40,
                         "renewTime": "%2$s"}}""".formatted(i, MICRO_TIME.format(Instant.now())))));
            }
            round(server, leases, new long[nodes]);
            var micros = new long[nodes * (ROUNDS - 1)];
            double before = server.meter().cpuMillis();
            long start = System.nanoTime();
            int failed = 0;
            for (int i = 1; i < ROUNDS; i++) {
                var times = new long[nodes];
                failed += round(server, leases, times);
                System.arraycopy(times, 0, micros, (i - 1) * nodes, nodes);
            }
            double millis = (System.nanoTime() - start) / 1e6;
            double percent = 100 * (server.meter().cpuMillis() - before) / millis;
            Arrays.sort(micros);
            return new Result(percent, micros.length * 1000 / millis, failed, micros);
        }
    }

    /** Renews each once, evenly spread over the period, whether or not those before are answered; says how many failed. */
    private static int round(ServerUnderTest server, List<ObjectNode> leases, long[] micros) {
        var failed = new AtomicInteger();
        long start = System.nanoTime();
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < leases.size(); i++) {
                int at = i;
                long due = start + PERIOD.toNanos() / leases.size() * i;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                clients.execute(() -> {
                    long sent = System.nanoTime();
                    if (!renew(server, leases.get(at))) {
                        failed.incrementAndGet();
                    }
                    micros[at] = (System.nanoTime() - sent) / 1_000;
                });
            }
        }
        return failed.get();
    }

    private static boolean renew(ServerUnderTest server, ObjectNode lease) {
        lease.withObject("/spec").put("renewTime", MICRO_TIME.format(Instant.now()));
        var path = PATH + "/" + lease.at("/metadata/name").asText();
        try {
            var answer = Json.tree(server.succeed("PUT", path, Json.text(lease)));
            lease.withObject("/metadata")
                    .put(
                            "resourceVersion",
                            answer.at("/metadata/resourceVersion").asText());
            return true;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
