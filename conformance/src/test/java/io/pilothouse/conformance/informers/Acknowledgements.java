package io.pilothouse.conformance.informers;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Strikes off each acknowledged write against the change that a watch told of. A write whose answer was lost, as the server went, may have happened or not.
 */
final class Acknowledgements {
    /** The annotation that numbers writes. */
    static final String NUMBER = "churn.pilothouse.io/number";
    /** What begins the names of the writers' namespaces; others have objects of the server's own. */
    static final String NAMESPACES = "churn-";

    private record Write(String key, String number) {}

    private final Findings findings;
    private final Map<String, Write> acknowledged = new HashMap<>();
    private final Map<String, Write> delivered = new HashMap<>();
    private final Set<String> doubtful = new HashSet<>();
    private final AtomicLong deletions = new AtomicLong();
    private final AtomicLong doubtfulDeletions = new AtomicLong();
    private final AtomicLong deletionsDelivered = new AtomicLong();
    private long writes;

    Acknowledgements(Findings findings) {
        this.findings = findings;
    }

    /** The server answered a write with this object. */
    synchronized void written(Kind kind, JsonNode object) {
        writes++;
        strike(kind, object, acknowledged, delivered);
    }

    /** A watch told of the object. */
    synchronized void delivered(Kind kind, Change change, JsonNode object) {
        if (!change.key().startsWith(NAMESPACES)) {
            return;
        }
        if (change.type() == Change.Type.DELETED) {
            deletionsDelivered.incrementAndGet();
            return;
        }
        strike(kind, object, delivered, acknowledged);
    }

    private void strike(Kind kind, JsonNode object, Map<String, Write> mine, Map<String, Write> others) {
        var metadata = object.path("metadata");
        if (metadata.has("deletionTimestamp")) {
            // A deletion without grace marks a pod before it takes it away: one write, two changes.
            return;
        }
        var revision = kind + "@" + metadata.path("resourceVersion").asText();
        var write = new Write(
                metadata.path("namespace").asText() + "/"
                        + metadata.path("name").asText(),
                metadata.path("annotations").path(NUMBER).asText());
        var other = others.remove(revision);
        if (other == null) {
            if (mine.put(revision, write) != null) {
                findings.add("acknowledgements", revision + " came twice: " + write);
            }
        } else if (!other.equals(write)) {
            findings.add("acknowledgements", revision + " is " + write + " and " + other);
        }
    }

    void deleted(int objects) {
        deletions.addAndGet(objects);
    }

    void doubtfulDeletions(int objects) {
        doubtfulDeletions.addAndGet(objects);
    }

    synchronized void doubtful(String number) {
        doubtful.add(number);
    }

    synchronized long writes() {
        return writes + deletions.get();
    }

    /** How many writes only one side knows, but for those in doubt. */
    synchronized long open() {
        return Math.max(0, deletions.get() - deletionsDelivered.get())
                + acknowledged.size()
                + delivered.values().stream()
                        .filter(write -> !doubtful.contains(write.number()))
                        .count();
    }

    /** To be called when nothing more comes. */
    synchronized void close() {
        acknowledged.forEach((revision, write) ->
                findings.add("acknowledgements", revision + " was acknowledged and never delivered: " + write));
        delivered.forEach((revision, write) -> {
            if (!doubtful.contains(write.number())) {
                findings.add("acknowledgements", revision + " was delivered and never acknowledged: " + write);
            }
        });
        long seen = deletionsDelivered.get();
        if (seen < deletions.get() || seen > deletions.get() + doubtfulDeletions.get()) {
            findings.add(
                    "acknowledgements",
                    seen + " deletions were delivered, " + deletions + " acknowledged, " + doubtfulDeletions
                            + " in doubt");
        }
    }
}
