package io.pilothouse.storage;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the entries below a prefix that have a value of some property, such as a label, in any snapshot of one cache. It follows the snapshots
 * that it is asked about: each change costs once, when somebody asks after it, and nothing where nobody does. What it holds is let go when
 * memory is short. Safe on any thread.
 */
public final class SnapshotIndex<E> {
    private final String prefix;
    private final Function<CacheEntry<E>, Optional<String>> property;
    private SoftReference<State<E>> kept = new SoftReference<>(null);

    /** The entries by value, as of a revision. */
    private static final class State<E> {
        private final Map<String, PersistentMap<CacheEntry<E>>> byValue = new HashMap<>();
        private PersistentMap<CacheEntry<E>> of = PersistentMap.empty();
        private long revision;
    }

    /** What becomes of the entries of one value; no entry: it has the value no more. */
    private static final class Edits<E> {
        private final List<String> keys = new ArrayList<>();
        private final List<@Nullable CacheEntry<E>> entries = new ArrayList<>();
        private boolean onlyNew = true;

        void add(String key, @Nullable CacheEntry<E> entry) {
            keys.add(key);
            entries.add(entry);
            onlyNew &= entry != null;
        }

        PersistentMap<CacheEntry<E>> apply(PersistentMap<CacheEntry<E>> map) {
            if (map.size() == 0 && onlyNew) {
                return PersistentMap.ofSorted(keys, entries);
            }
            PersistentMap<CacheEntry<E>> changed = map;
            for (int i = 0; i < keys.size(); i++) {
                CacheEntry<E> entry = entries.get(i);
                changed = entry == null ? changed.without(keys.get(i)) : changed.with(keys.get(i), entry);
            }
            return changed;
        }
    }

    /** @param property of an entry; empty for those that have none. It must give the same for the same entry */
    public SnapshotIndex(String prefix, Function<CacheEntry<E>, Optional<String>> property) {
        this.prefix = prefix;
        this.property = property;
    }

    /** A snapshot's entries below the prefix that have the value, and no other. */
    public synchronized CacheSnapshot<E> narrowed(CacheSnapshot<E> snapshot, String value) {
        State<E> state = kept.get();
        if (state == null) {
            state = new State<>();
            kept = new SoftReference<>(state);
        }
        if (snapshot.revision() < state.revision) {
            // Of a moment ago: the index stays where it is, and the way back is short.
            var edits = edits(state.of, snapshot.entries()).getOrDefault(value, new Edits<>());
            return new CacheSnapshot<>(snapshot.revision(), edits.apply(entries(state, value)));
        }
        follow(state, snapshot);
        return new CacheSnapshot<>(snapshot.revision(), entries(state, value));
    }

    private static <E> PersistentMap<CacheEntry<E>> entries(State<E> state, String value) {
        return state.byValue.getOrDefault(value, PersistentMap.empty());
    }

    private void follow(State<E> state, CacheSnapshot<E> snapshot) {
        edits(state.of, snapshot.entries()).forEach((value, edits) -> {
            var changed = edits.apply(entries(state, value));
            if (changed.size() == 0) {
                state.byValue.remove(value);
            } else {
                state.byValue.put(value, changed);
            }
        });
        state.of = snapshot.entries();
        state.revision = snapshot.revision();
    }

    private Map<String, Edits<E>> edits(PersistentMap<CacheEntry<E>> from, PersistentMap<CacheEntry<E>> to) {
        Map<String, Edits<E>> all = new HashMap<>();
        MapDiff.visit(from, to, prefix, EtcdStore.prefixEnd(prefix), (key, before, after) -> {
            Optional<String> was = before == null ? Optional.empty() : property.apply(before);
            Optional<String> is = after == null ? Optional.empty() : property.apply(after);
            if (was.isPresent() && !was.equals(is)) {
                all.computeIfAbsent(was.get(), value -> new Edits<>()).add(key, null);
            }
            if (is.isPresent()) {
                all.computeIfAbsent(is.get(), value -> new Edits<>()).add(key, after);
            }
        });
        return all;
    }
}
