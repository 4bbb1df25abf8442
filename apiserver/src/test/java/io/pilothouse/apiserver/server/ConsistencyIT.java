package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.apiserver.server.Timeline.Event;
import io.pilothouse.apiserver.server.Timeline.Listed;
import io.pilothouse.apiserver.server.Timeline.Scope;
import io.pilothouse.apiserver.server.Timeline.Stored;
import io.pilothouse.apiserver.server.Timeline.Version;
import io.pilothouse.apiserver.server.Timeline.Watched;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.WatchEvent;
import io.pilothouse.storage.WatchListener;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers over one etcd under writes: every list, in one piece or in pages, of now or of a past revision, is the state of one revision, and every watch tells
 * of every change after the revision that it began at, once and in order. The second server is started in the midst of it, and knows the past from etcd alone.
 */
class ConsistencyIT {
    private static final Duration LENGTH = Duration.parse(System.getProperty("pilothouse.consistency", "PT20S"));
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<String> NAMESPACES = List.of("c-0", "c-1");
    private static final String KEYS = "/registry/configmaps/";
    private static final int WRITERS = 4;
    private static final int READERS = 4;
    /** Of a resource's changes a server knows the last 10,000, and some come while it is asked. */
    private static final int WATCHED = 8_000;

    private final Timeline timeline = new Timeline();
    private final AtomicReference<List<String>> servers = new AtomicReference<>(List.of());

    @Test
    void everyAnswerIsAStateAndEveryWatchIsWhole(@TempDir Path directory) throws Exception {
        try (var fixture = new ApiServerFixture(directory);
                var etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            servers.set(List.of(fixture.url()));
            for (String namespace : NAMESPACES) {
                fixture.send("POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
            }
            long begin = etcd.linearizableRevision();
            var watch = etcd.watch(KEYS + "c-", EtcdStore.prefixEnd(KEYS + "c-"), begin + 1, false, new EtcdOrder());
            long end = System.nanoTime() + LENGTH.toNanos();
            var tasks = start(fixture, threads, end, begin);
            Thread.sleep(LENGTH.dividedBy(3));
            try (var second = fixture.another()) {
                servers.set(List.of(
                        fixture.url(), "https://127.0.0.1:" + second.address().getPort()));
                for (Future<?> task : tasks) {
                    task.get();
                }
            }
            servers.set(List.of(fixture.url()));
            awaitEtcdsOrder(fixture);
            watch.close();
            System.out.println("consistency: " + timeline.figures());
            assertThat(timeline.contradictions().stream().limit(5)).isEmpty();
        }
    }

    /** Writes once more, and waits until etcd's order has it, and with it all that was before. */
    private void awaitEtcdsOrder(ApiServerFixture fixture) throws Exception {
        new Writer(fixture, WRITERS)
                .put(
                        "POST",
                        "/api/v1/namespaces/c-0/configmaps",
                        Writer.body("last", "", "last", "odd"),
                        "application/json");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (timeline.storedThrough() < timeline.acknowledged().lastKey()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    private List<Future<?>> start(ApiServerFixture fixture, ExecutorService threads, long end, long begin) {
        var tasks = new ArrayList<Future<?>>();
        for (int i = 0; i < WRITERS; i++) {
            var writer = new Writer(fixture, i);
            tasks.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    writer.step();
                }
                return null;
            }));
        }
        for (int i = 0; i < READERS; i++) {
            var reader = new Reader(fixture, new Random(100 + i), begin);
            tasks.add(threads.submit(() -> {
                while (System.nanoTime() < end) {
                    reader.step();
                }
                return null;
            }));
        }
        return tasks;
    }

    private String server(Random random) {
        var all = servers.get();
        return all.get(random.nextInt(all.size()));
    }

    /** Takes etcd's events. */
    private final class EtcdOrder implements WatchListener {
        @Override
        public void onEvents(List<WatchEvent> events, long upToRevision) {
            for (WatchEvent event : events) {
                timeline.store(
                        new Stored(event.revision(), event.current().key().substring(KEYS.length()), event.deleted()));
            }
        }

        @Override
        public void onCompacted(long compactRevision) {
            throw new IllegalStateException("compacted");
        }
    }

    private static Version version(JsonNode object) {
        var metadata = object.path("metadata");
        return new Version(
                metadata.path("resourceVersion").asLong(),
                metadata.path("namespace").asText() + "/"
                        + metadata.path("name").asText(),
                object.path("data").path("number").asText(),
                metadata.path("labels").path("half").asText());
    }

    /** Creates, changes and deletes objects of its own. */
    private final class Writer {
        private final ApiServerFixture fixture;
        private final int id;
        private final Random random;
        private final HashMap<String, Long> revisions = new HashMap<>();
        private long numbers;

        Writer(ApiServerFixture fixture, int id) {
            this.fixture = fixture;
            this.id = id;
            this.random = new Random(id);
        }

        void step() throws Exception {
            var name = "w" + id + "-" + random.nextInt(12);
            var namespace = NAMESPACES.get(random.nextInt(NAMESPACES.size()));
            var path = "/api/v1/namespaces/" + namespace + "/configmaps";
            var known = revisions.get(namespace + "/" + name);
            var number = id + "." + ++numbers;
            var half = random.nextBoolean() ? "even" : "odd";
            if (known == null) {
                put("POST", path, body(name, "", number, half), "application/json");
            } else if (random.nextInt(5) == 0) {
                var answer = fixture.sendTo(server(random), "DELETE", path + "/" + name, "");
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                revisions.remove(namespace + "/" + name);
            } else if (random.nextInt(4) == 0) {
                put("PATCH", path + "/" + name, body(name, "", number, half), "application/merge-patch+json");
            } else {
                put("PUT", path + "/" + name, body(name, known.toString(), number, half), "application/json");
            }
        }

        private static String body(String name, String revision, String number, String half) {
            var version = revision.isEmpty() ? "" : ",\"resourceVersion\":\"" + revision + "\"";
            return "{\"metadata\":{\"name\":\"" + name + "\",\"labels\":{\"half\":\"" + half + "\"}" + version
                    + "},\"data\":{\"number\":\"" + number + "\"}}";
        }

        private void put(String method, String path, String body, String type) throws Exception {
            var answer = fixture.sendTo(server(random), method, path, body, "Content-Type", type);
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
            var version = version(JSON.readTree(answer.body()));
            revisions.put(version.key(), version.revision());
            timeline.acknowledge(version);
        }
    }

    /** Asks for lists and watches of all sorts, and notes what it is told. */
    private final class Reader {
        private final ApiServerFixture fixture;
        private final Random random;
        private final long begin;

        Reader(ApiServerFixture fixture, Random random, long begin) {
            this.fixture = fixture;
            this.random = random;
            this.begin = begin;
        }

        private static String path(Scope scope) {
            return "/api/v1/" + (scope.namespace().isEmpty() ? "" : "namespaces/" + scope.namespace() + "/")
                    + "configmaps?" + (scope.half().isEmpty() ? "" : "labelSelector=half%3D" + scope.half() + "&");
        }

        /** Of a write that was acknowledged, old ones as often as new ones, but no older than so many revisions. */
        private long revision(int most) {
            var known = timeline.acknowledged();
            if (known.isEmpty()) {
                return begin;
            }
            long first = known.ceilingKey(Math.max(known.firstKey(), known.lastKey() - most));
            return known.floorKey(first + random.nextLong(known.lastKey() - first + 1));
        }

        private long latest() {
            var last = timeline.acknowledged().lastEntry();
            return last == null ? begin : last.getKey();
        }

        void step() throws Exception {
            var namespace = random.nextInt(3) == 0 ? "" : NAMESPACES.get(random.nextInt(NAMESPACES.size()));
            var half = random.nextInt(2) == 0 ? "" : random.nextBoolean() ? "even" : "odd";
            var scope = new Scope(namespace, half);
            long revision = revision(Integer.MAX_VALUE);
            long latest = latest();
            switch (random.nextInt(8)) {
                case 0 -> list(scope, "", latest);
                case 1 ->
                    assertThat(list(scope, at(revision, "Exact"), revision)).isEqualTo(revision);
                case 2 -> list(scope, at(revision, "NotOlderThan"), revision);
                case 3 -> list(scope, "resourceVersion=" + latest, latest);
                case 4 -> list(scope, "resourceVersion=0", 0);
                case 5 -> list(scope, "limit=" + random.nextInt(2, 15), latest);
                case 6 ->
                    assertThat(list(scope, at(revision, "Exact") + "&limit=" + random.nextInt(2, 15), revision))
                            .isEqualTo(revision);
                default -> {
                    if (random.nextInt(3) == 0) {
                        watch(scope, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan", -1);
                    } else {
                        long after = revision(WATCHED);
                        watch(scope, "resourceVersion=" + after, after);
                    }
                }
            }
        }

        private static String at(long revision, String match) {
            return "resourceVersion=" + revision + "&resourceVersionMatch=" + match;
        }

        /** Notes a list, page by page, each from any of the servers. Returns its revision. */
        private long list(Scope scope, String query, long notBefore) throws Exception {
            var request = path(scope) + query;
            var items = new ArrayList<Version>();
            var remaining = new HashMap<Integer, Long>();
            var page = page(request);
            long revision = page.at("/metadata/resourceVersion").asLong();
            while (true) {
                assertThat(page.at("/metadata/resourceVersion").asLong())
                        .as(request)
                        .isEqualTo(revision);
                for (JsonNode item : page.path("items")) {
                    items.add(version(item));
                }
                var token = page.at("/metadata/continue").asText();
                if (token.isEmpty()) {
                    break;
                }
                if (page.at("/metadata").has("remainingItemCount")) {
                    remaining.put(
                            items.size(),
                            page.at("/metadata/remainingItemCount").asLong());
                }
                page = page(
                        path(scope) + query.replaceAll("resourceVersion(Match)?=\\w+&?", "") + "&continue=" + token);
            }
            remaining.forEach((so, left) -> assertThat(so + left).as(request).isEqualTo(items.size()));
            items.removeIf(item -> !item.key().startsWith("c-"));
            timeline.note(new Listed(request, scope, revision, notBefore, items));
            return revision;
        }

        private JsonNode page(String request) throws Exception {
            var answer = fixture.sendTo(server(random), "GET", request, "");
            assertThat(answer.statusCode()).as(request + ": " + answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body());
        }

        /** @param after where it begins; -1 where the server tells, with the state there */
        private void watch(Scope scope, String query, long after) throws Exception {
            var request = path(scope) + query + "&watch=true&allowWatchBookmarks=true&timeoutSeconds=3";
            var told = new ArrayList<Event>();
            long through = Math.max(after, 0);
            long from = after;
            var answer = fixture.client()
                    .send(
                            HttpRequest.newBuilder(URI.create(server(random) + request))
                                    .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    var event = JSON.readTree(line);
                    var type = event.path("type").asText();
                    assertThat(type).as(request + ": " + line).isNotEqualTo("ERROR");
                    var object = version(event.path("object"));
                    if (type.equals("BOOKMARK") && from < 0) {
                        from = object.revision();
                        through = from;
                        note(scope, request, from, told);
                    } else if (type.equals("BOOKMARK")) {
                        through = Math.max(through, object.revision());
                    } else if (object.key().startsWith("c-")) {
                        told.add(new Event(type, object));
                        through = from < 0 ? 0 : Math.max(through, object.revision());
                    }
                }
            }
            timeline.note(new Watched(request, scope, from, through, told));
        }

        /** The initial events are a list; what follows is a watch from there. */
        private void note(Scope scope, String request, long revision, List<Event> initial) {
            assertThat(initial).allMatch(event -> event.type().equals("ADDED"));
            timeline.note(new Listed(
                    request,
                    scope,
                    revision,
                    0,
                    initial.stream().map(Event::object).toList()));
            initial.clear();
        }
    }
}
