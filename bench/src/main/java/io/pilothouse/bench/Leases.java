package io.pilothouse.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Nodes that renew their leases every ten seconds, as kubelets do. */
final class Leases {
    private static final String PATH = "/apis/coordination.k8s.io/v1/namespaces/bench-leases/leases";
    private static final Duration PERIOD = Duration.ofSeconds(10);
    /** The first warms the server up and is not measured. */
    private static final int ROUNDS = 7;

    /** So many share a client and its connection; as many as there are nodes would be too much for the bench's own machine. */
    private static final int NODES_A_CLIENT = 100;

    private Leases() {}

    /**
     * What was measured.
     *
     * @param percent of one processor that the server took
     * @param failures of tries to renew, the first round's too
     * @param micros from the moment a renewal was first sent to the answer that ended it, sorted
     */
    private record Result(double percent, double renewalsASecond, List<String> failures, long[] micros) {
        double millis(double quantile) {
            return micros[(int) Math.min(micros.length - 1L, Math.round(micros.length * quantile))] / 1000.0;
        }

        String times() {
            return Figure.number(millis(0.5)) + " / " + Figure.number(millis(0.99)) + " ms";
        }
    }

    static Section measure(Run.Setting setting, int nodes) throws InterruptedException {
        var result = Attempt.at(() -> renew(setting, nodes));
        var title = String.format(Locale.ROOT, "Leases of %,d nodes, renewed every %d s", nodes, PERIOD.toSeconds());
        var section = Section.of(
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
                                result.map(r -> new Figure.Value(r.millis(0.99), r.times()))),
                        Figure.of("renewals", Figure.Goal.NONE, "a second", result.map(Result::renewalsASecond)),
                        Figure.of("tries to renew that failed", Figure.Goal.NONE, "", result.map(r ->
                                (double) r.failures().size()))));
        var failures = result.ok().map(Result::failures).orElse(List.of());
        return failures.isEmpty()
                ? section
                : section.failing(String.format(
                        Locale.ROOT,
                        "%,d tries of %,d renewals; the first: %s",
                        failures.size(),
                        nodes * ROUNDS,
                        failures.getFirst()));
    }

    private static Result renew(Run.Setting setting, int count) throws IOException, InterruptedException {
        var clients = new ArrayList<Client>();
        try (var server = setting.start()) {
            server.succeed("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"bench-leases\"}}");
            var nodes = new ArrayList<Node>();
            for (int i = 0; i < count; i++) {
                if (i % NODES_A_CLIENT == 0) {
                    clients.add(new Client(server.address(), PERIOD));
                }
                nodes.add(Node.join(clients.getLast(), PATH, "node-" + i));
            }
            return measured(server, nodes);
        } finally {
            clients.forEach(Client::close);
        }
    }

    private static Result measured(ServerUnderTest server, List<Node> nodes) throws IOException {
        var failures = new ArrayList<>(round(nodes, new long[nodes.size()]));
        var micros = new long[nodes.size() * (ROUNDS - 1)];
        double before = server.meter().cpuMillis();
        long start = System.nanoTime();
        for (int i = 1; i < ROUNDS; i++) {
            var times = new long[nodes.size()];
            failures.addAll(round(nodes, times));
            System.arraycopy(times, 0, micros, (i - 1) * times.length, times.length);
        }
        double millis = (System.nanoTime() - start) / 1e6;
        double percent = 100 * (server.meter().cpuMillis() - before) / millis;
        Arrays.sort(micros);
        return new Result(percent, micros.length * 1000 / millis, failures, micros);
    }

    /** Renews each once, evenly spread over the period, whether or not those before are answered; says which tries failed. */
    private static Collection<String> round(List<Node> nodes, long[] micros) {
        var failures = new ConcurrentLinkedQueue<String>();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < nodes.size(); i++) {
                int at = i;
                long due = start + PERIOD.toNanos() / nodes.size() * i;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                threads.execute(() -> {
                    long sent = System.nanoTime();
                    try {
                        failures.addAll(nodes.get(at).renew());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        failures.add("interrupted");
                    }
                    micros[at] = (System.nanoTime() - sent) / 1_000;
                });
            }
        }
        return failures;
    }
}
