package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.WatchEvent;
import io.pilothouse.storage.WatchListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/**
 * All that happens to the objects of a kind, as a plain watch tells it, over as many requests as it takes. It is held against etcd's own order of events, change by
 * change, and handed on to the followers of the kind.
 */
final class History implements AutoCloseable {
    /** How long the server lets one watch last. */
    static final int WATCH_SECONDS = 7;

    private final Kind kind;
    private final Api api;
    private final List<Follower> followers;
    private final Acknowledgements acknowledgements;
    private final Findings findings;
    private final ArrayDeque<Change> inEtcd = new ArrayDeque<>();
    private final ArrayDeque<Change> told = new ArrayDeque<>();
    private final EtcdStore.Watch etcdWatch;
    private volatile long position;
    private volatile boolean closed;
    private long events;

    /** Lists the kind and begins to follow it. */
    History(
            Kind kind,
            Api api,
            EtcdStore etcd,
            List<Follower> followers,
            Acknowledgements acknowledgements,
            Findings findings)
            throws IOException {
        this.kind = kind;
        this.api = api;
        this.followers = followers;
        this.acknowledgements = acknowledgements;
        this.findings = findings;
        var list = api.call("GET", kind.path(""), Optional.empty()).body();
        position = revision(list);
        for (JsonNode object : list.path("items")) {
            followers.forEach(follower -> follower.begin(key(object), revision(object), object));
        }
        var prefix = kind.etcdPrefix();
        etcdWatch = etcd.watch(prefix, EtcdStore.prefixEnd(prefix), position + 1, false, new EtcdOrder());
        Thread.ofVirtual().name("history").start(this::follow);
    }

    private static long revision(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asLong();
    }

    private static String key(JsonNode object) {
        var metadata = object.path("metadata");
        return metadata.path("namespace").asText() + "/" + metadata.path("name").asText();
    }

    private void follow() {
        while (!closed) {
            var path = kind.path("") + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=" + WATCH_SECONDS
                    + "&resourceVersion=" + position;
            try (var lines = api.lines(path)) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    take(Api.JSON.readTree(line));
                }
            } catch (IOException e) {
                pause();
            }
        }
    }

    /** A server that is being replaced takes a moment. */
    private static void pause() {
        try {
            Thread.sleep(200);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(JsonNode event) {
        var object = event.path("object");
        var type = event.path("type").asText();
        if (type.equals("ERROR")) {
            findings.add("raw " + kind, "was told " + object + " at " + position);
            closed = true;
            return;
        }
        long revision = revision(object);
        if (!type.equals("BOOKMARK")) {
            if (revision <= position) {
                findings.add("raw " + kind, "was told of " + revision + " after " + position);
            }
            var change = new Change(Change.Type.valueOf(type), key(object), revision);
            followers.forEach(follower -> follower.expect(change, object));
            told(change);
            // The last: what is acknowledged and delivered is known everywhere else.
            acknowledgements.delivered(kind, change, object);
        }
        position = Math.max(position, revision);
    }

    private synchronized void told(Change change) {
        events++;
        told.add(change);
        compare();
    }

    /** Takes etcd's events. */
    private final class EtcdOrder implements WatchListener {
        @Override
        public void onEvents(List<WatchEvent> batch, long upToRevision) {
            synchronized (History.this) {
                for (WatchEvent event : batch) {
                    var type = event.deleted()
                            ? Change.Type.DELETED
                            : event.created() ? Change.Type.ADDED : Change.Type.MODIFIED;
                    var key = event.current().key().substring(kind.etcdPrefix().length());
                    inEtcd.add(new Change(type, key, event.revision()));
                }
                compare();
            }
        }

        @Override
        public void onCompacted(long compactRevision) {
            findings.add("etcd", "compacted ahead of its watch: " + compactRevision);
        }
    }

    private void compare() {
        while (!inEtcd.isEmpty() && !told.isEmpty()) {
            var stored = inEtcd.remove();
            var shown = told.remove();
            if (!stored.equals(shown)) {
                findings.add("raw " + kind, "was told of " + shown + " where etcd has " + stored);
            }
        }
    }

    /** Up to which revision it was told everything. */
    long position() {
        return position;
    }

    synchronized long events() {
        return events;
    }

    /** How many changes only one side knows. */
    synchronized long open() {
        return inEtcd.size() + (long) told.size();
    }

    /** Tells what is open, where that did not end. */
    synchronized void tellOpen() {
        inEtcd.stream().limit(3).forEach(change -> findings.add("raw " + kind, "was never told of " + change));
        told.stream().limit(3).forEach(change -> findings.add("raw " + kind, "was told of " + change + ", not etcd's"));
    }

    @Override
    public void close() {
        closed = true;
        etcdWatch.close();
    }
}
