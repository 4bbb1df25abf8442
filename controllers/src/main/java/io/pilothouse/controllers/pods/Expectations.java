package io.pilothouse.controllers.pods;

import io.pilothouse.controllers.workqueue.Key;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What an owner has asked for and its cache has not shown yet. While something is outstanding the owner must not count its dependents, else it
 * would make or delete them twice. What has not shown after five minutes is given up. Safe for use by many threads.
 */
public final class Expectations {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final class Outstanding {
        private final Set<String> created = new HashSet<>();
        private final Set<String> deleted = new HashSet<>();
        private Instant since = Instant.EPOCH;
    }

    private final Clock clock;
    private final Map<Key, Outstanding> outstanding = new HashMap<>();
    private final Map<Key, Set<String>> early = new HashMap<>();

    /** Nothing is expected. */
    public Expectations(Clock clock) {
        this.clock = clock;
    }

    /** Whether all that was asked for has shown. */
    public synchronized boolean met(Key owner) {
        var of = outstanding.get(owner);
        return of == null
                || (of.created.isEmpty() && of.deleted.isEmpty())
                || of.since.plus(PATIENCE).isBefore(clock.instant());
    }

    /** Before creations are asked for: those seen from now on may be among them. */
    public synchronized void creating(Key owner) {
        early.put(owner, new HashSet<>());
    }

    /** A dependent was created and is to show. */
    public synchronized void created(Key owner, String uid) {
        var seen = early.get(owner);
        if (seen == null || !seen.remove(uid)) {
            of(owner).created.add(uid);
        }
    }

    /** All creations have been answered. */
    public synchronized void creationsAnswered(Key owner) {
        early.remove(owner);
    }

    /** The cache shows a dependent. */
    public synchronized void seenCreated(Key owner, String uid) {
        var seen = early.get(owner);
        if (seen != null) {
            seen.add(uid);
        }
        var of = outstanding.get(owner);
        if (of != null) {
            of.created.remove(uid);
        }
    }

    /** A deletion is about to be asked for. */
    public synchronized void deleting(Key owner, String uid) {
        of(owner).deleted.add(uid);
    }

    /** The cache shows a dependent gone or going, or the deletion failed. */
    public synchronized void seenDeleted(Key owner, String uid) {
        var of = outstanding.get(owner);
        if (of != null) {
            of.deleted.remove(uid);
            of.created.remove(uid);
        }
    }

    /** The owner is gone. */
    public synchronized void forget(Key owner) {
        outstanding.remove(owner);
    }

    private Outstanding of(Key owner) {
        var of = outstanding.computeIfAbsent(owner, ignored -> new Outstanding());
        of.since = clock.instant();
        return of;
    }
}
