package io.pilothouse.apiserver.server;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What happened, as its writers were told: every acknowledged write by its revision, and the deletions, whose answers name no revision, by etcd's. Answers are noted as they come, and
 * compared with it when all is over.
 */
final class Timeline {
    /** An object as a write left it. */
    record Version(long revision, String key, String number, String half) {}

    /** A change of a key in etcd. */
    record Stored(long revision, String key, boolean deleted) {}

    /** What is asked for: a namespace (empty for all) and a value of the label {@code half} (empty for any). */
    record Scope(String namespace, String half) {
        boolean has(String key, String ofHalf) {
            return (namespace.isEmpty() || key.startsWith(namespace + "/")) && (half.isEmpty() || half.equals(ofHalf));
        }
    }

    /** A list that was answered, whole. */
    record Listed(String request, Scope scope, long revision, long notBefore, List<Version> items) {}

    /** An event that a watch told of. */
    record Event(String type, Version object) {}

    /** What a watch told of, in order, and up to which revision it said to have told everything. */
    record Watched(String request, Scope scope, long after, long through, List<Event> events) {}

    private final ConcurrentSkipListMap<Long, Version> acknowledged = new ConcurrentSkipListMap<>();
    private final List<Stored> stored = new ArrayList<>();
    private final List<Listed> lists = new ArrayList<>();
    private final List<Watched> watches = new ArrayList<>();

    void acknowledge(Version version) {
        acknowledged.put(version.revision(), version);
    }

    ConcurrentSkipListMap<Long, Version> acknowledged() {
        return acknowledged;
    }

    synchronized void store(Stored change) {
        stored.add(change);
    }

    /** The revision of etcd's last change so far. */
    synchronized long storedThrough() {
        return stored.isEmpty() ? 0 : stored.getLast().revision();
    }

    synchronized void note(Listed list) {
        lists.add(list);
    }

    synchronized void note(Watched watch) {
        watches.add(watch);
    }

    synchronized String figures() {
        return acknowledged.size() + " writes and " + (stored.size() - acknowledged.size()) + " deletions, "
                + lists.size() + " lists, " + watches.size() + " watches with "
                + watches.stream().mapToLong(w -> w.events().size()).sum() + " events";
    }

    /** Everything that does not fit; empty where all does. */
    synchronized List<String> contradictions() {
        var found = new ArrayList<String>();
        var unseen = new HashMap<>(acknowledged);
        for (Stored change : stored) {
            if (!change.deleted() && unseen.remove(change.revision()) == null) {
                found.add("etcd has a write that nobody was told of: " + change);
            }
        }
        unseen.values().forEach(version -> found.add("acknowledged, and not in etcd: " + version));
        checkLists(found);
        for (Watched watch : watches) {
            check(watch, found);
        }
        return found;
    }

    private void checkLists(List<String> found) {
        lists.sort(Comparator.comparingLong(Listed::revision));
        SortedMap<String, Version> state = new TreeMap<>();
        int next = 0;
        for (Listed list : lists) {
            for (; next < stored.size() && stored.get(next).revision() <= list.revision(); next++) {
                apply(stored.get(next), state);
            }
            var right = state.values().stream()
                    .filter(v -> list.scope().has(v.key(), v.half()))
                    .toList();
            if (!list.items().equals(right)) {
                found.add(list.request() + " is no state of " + list.revision() + ": " + list.items()
                        + " where there was " + right);
            }
            if (list.revision() < list.notBefore()) {
                found.add(list.request() + " answered " + list.revision() + ", older than " + list.notBefore());
            }
        }
    }

    private void apply(Stored change, Map<String, Version> state) {
        if (change.deleted()) {
            state.remove(change.key());
        } else {
            state.put(change.key(), acknowledged.get(change.revision()));
        }
    }

    private void check(Watched watch, List<String> found) {
        var right = new ArrayList<Event>();
        var state = new HashMap<String, Version>();
        for (Stored change : stored) {
            var before = state.get(change.key());
            apply(change, state);
            var after = state.get(change.key());
            boolean was = before != null && watch.scope().has(change.key(), before.half());
            boolean is = after != null && watch.scope().has(change.key(), after.half());
            if (change.revision() <= watch.after() || change.revision() > watch.through()) {
                continue;
            }
            if (is) {
                right.add(new Event(was ? "MODIFIED" : "ADDED", after));
            } else if (was) {
                // As it last was, at the revision at which it went.
                right.add(new Event(
                        "DELETED", new Version(change.revision(), before.key(), before.number(), before.half())));
            }
        }
        if (!watch.events().equals(right)) {
            found.add(watch.request() + " after " + watch.after() + " through " + watch.through() + " told of "
                    + watch.events() + " where there was " + right);
        }
    }
}
