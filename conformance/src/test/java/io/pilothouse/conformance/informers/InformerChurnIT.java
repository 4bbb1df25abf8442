package io.pilothouse.conformance.informers;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Informers of the fabric8 client and of the official Java client follow objects of four kinds while writers change them without a pause, watches run into their timeouts,
 * etcd is compacted and the server is replaced. None may miss an event, see one twice, or have to list again.
 *
 * <p>It takes a minute; {@code -Dpilothouse.churn=PT1H} makes it an hour.
 */
class InformerChurnIT {
    private static final Duration LENGTH = Duration.parse(System.getProperty("pilothouse.churn", "PT60S"));
    /** Between one write and the next of a writer, at least, and not twice as much. */
    private static final int PAUSE_MILLIS = Integer.getInteger("pilothouse.churn.pause", 15);

    private static final int WRITERS = 6;
    private static final Duration STEP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Findings findings = new Findings();
    private final Acknowledgements acknowledgements = new Acknowledgements(findings);
    private final List<Follower> followers = new ArrayList<>();
    private final List<History> histories = new ArrayList<>();
    private final List<Writer> writers = new ArrayList<>();
    private final List<Thread> writing = new ArrayList<>();

    InformerChurnIT() {
        // They log every watch that ends, with its cause.
        for (String client : List.of("io.kubernetes", "io.fabric8")) {
            ((Logger) LoggerFactory.getLogger(client)).setLevel(Level.OFF);
        }
    }

    @Test
    void informersMissNothingAndListOnce(@TempDir Path directory) throws Exception {
        try (var etcd = EtcdProcess.start();
                var store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
                var server = new ServerProcess(directory, etcd.endpoint());
                var writer = new Api(server.uri(), server.trust(), "writer");
                var raw = new Api(server.uri(), server.trust(), "raw");
                var early = new Fabric8Followers(server, false, findings);
                var late = new Fabric8Followers(server, true, findings);
                var official = new OfficialFollowers(server, findings)) {
            prepare(writer);
            followWith(early, late, official);
            for (Kind kind : Kind.values()) {
                var mine = followers.stream()
                        .filter(f -> f.selection().kind() == kind)
                        .toList();
                histories.add(new History(kind, raw, store, mine, acknowledgements, findings));
            }
            early.start();
            write(writer);
            // The others list in the midst of it.
            Thread.sleep(1500);
            late.start();
            official.start();
            churn(server, store);
            writers.forEach(Writer::end);
            for (Thread thread : writing) {
                thread.join();
            }
            boolean settled = awaitNothingOpen();
            report(server);
            check(server, settled);
        } finally {
            histories.forEach(History::close);
        }
    }

    private static void prepare(Api api) throws IOException, InterruptedException {
        for (String namespace : Writer.NAMESPACES) {
            create(api, "/api/v1/namespaces", Api.JSON.readTree("{\"metadata\": {\"name\": \"" + namespace + "\"}}"));
        }
        create(
                api,
                "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
                Api.JSON.readTree(Kind.WIDGET_DEFINITION));
        var first = Writer.NAMESPACES.getFirst();
        for (Kind kind : Kind.values()) {
            awaitServed(api, kind.path(first) + "/none");
            create(api, kind.path(first), kind.object(first, "shared", ""));
        }
    }

    /** Custom resources are served a moment after they are defined: then it is an object that is missed, not a path. */
    private static void awaitServed(Api api, String path) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (api.call("GET", path, Optional.empty())
                .body()
                .at("/details/name")
                .isMissingNode()) {
            assertThat(System.nanoTime()).as(path + " is served").isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static void create(Api api, String path, JsonNode object) throws IOException {
        var answer = api.call("POST", path, Optional.of(object));
        assertThat(answer.code()).as(() -> answer.body().toString()).isEqualTo(201);
    }

    private void followWith(Fabric8Followers early, Fabric8Followers late, OfficialFollowers official) {
        var configMaps = Selection.all(Kind.CONFIG_MAPS);
        var pods = Selection.all(Kind.PODS);
        var leases = Selection.all(Kind.LEASES);
        var widgets = Selection.all(Kind.WIDGETS);
        followers.add(early.follow(configMaps));
        followers.add(early.follow(pods.withField("status.phase", "Running")));
        followers.add(early.follow(widgets.withLabel("color", "blue")));
        followers.add(late.follow(pods));
        followers.add(late.follow(configMaps.in("churn-1")));
        followers.add(late.follow(leases.withLabel("color", "red")));
        followers.add(late.follow(widgets));
        followers.add(official.follow(configMaps));
        followers.add(official.follow(configMaps.in("churn-1").withLabel("color", "red")));
        followers.add(official.follow(pods.withField("spec.nodeName", "node-1")));
        followers.add(official.follow(pods.withField("status.phase", "Running").in("churn-2")));
        followers.add(official.follow(leases));
        followers.add(official.follow(widgets));
    }

    private void write(Api api) {
        for (int id = 0; id < WRITERS; id++) {
            var writer = new Writer(id, api, acknowledgements, findings, PAUSE_MILLIS);
            writers.add(writer);
            writing.add(Thread.ofVirtual().name("writer-" + id).start(writer));
        }
    }

    /** Lets time pass, compacts what nobody needs any more, and replaces the server once. */
    private void churn(ServerProcess server, EtcdStore store) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        boolean replaced = false;
        long compacted = 0;
        long nextReport = 0;
        while (true) {
            long passed = System.nanoTime() - begin;
            if (passed >= LENGTH.toNanos()) {
                return;
            }
            if (!replaced && passed > LENGTH.toNanos() * 3 / 5) {
                replaced = true;
                replace(server);
            }
            if (passed >= nextReport) {
                nextReport += LENGTH.toNanos() / 10;
                report(server);
            }
            Thread.sleep(STEP);
            // Watches that keep up need nothing from before the last one's place.
            long needed = Math.min(
                    followers.stream().mapToLong(Follower::position).min().orElse(0),
                    histories.stream().mapToLong(History::position).min().orElse(0));
            if (needed > compacted) {
                store.compact(needed);
                compacted = needed;
            }
        }
    }

    private static void replace(ServerProcess server) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        server.end();
        long ended = System.nanoTime();
        server.replace();
        System.out.println("churn: the server ended in " + (ended - begin) / 1_000_000 + " ms, the next one took "
                + (System.nanoTime() - ended) / 1_000_000 + " ms to be ready");
    }

    private long open() {
        return acknowledgements.open()
                + histories.stream().mapToLong(History::open).sum()
                + followers.stream().mapToLong(f -> f.ledger().open()).sum();
    }

    /** False where something stayed open. */
    private boolean awaitNothingOpen() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (open() > 0) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(100);
        }
        return true;
    }

    private void report(ServerProcess server) throws IOException {
        System.out.println("churn: " + acknowledgements.writes() + " writes, "
                + histories.stream().mapToLong(History::events).sum() + " events of them, "
                + followers.stream().mapToLong(f -> f.ledger().events()).sum() + " told by " + followers.size()
                + " informers, server " + server.residentMebibytes() + " MiB");
    }

    private void check(ServerProcess server, boolean settled) throws IOException {
        acknowledgements.close();
        if (!settled) {
            histories.forEach(History::tellOpen);
        }
        followers.forEach(follower -> follower.ledger().close(settled));
        var requests = Requests.of(server.auditLog());
        System.out.println("lists: " + requests.lists());
        System.out.println("watches: " + requests.watches());
        server.complaints().forEach(line -> findings.add("server", line));
        assertThat(findings.all()).isEmpty();
        assertThat(requests.lists()).hasSize(followers.size() + histories.size());
        assertThat(requests.lists().values()).containsOnly(1);
        assertThat(requests.watches()).hasSize(followers.size() + histories.size());
        assertThat(requests.watches().values())
                .allMatch(count -> count >= LENGTH.toSeconds() / (4 * History.WATCH_SECONDS), "renewed");
    }
}
