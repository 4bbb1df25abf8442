package io.pilothouse.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The whole cache at one revision: immutable, shared, taken in no time. Ranges are {@code [start, end)}. */
public final class CacheSnapshot<E> {
    private final long revision;
    private final PersistentMap<CacheEntry<E>> entries;

    CacheSnapshot(long revision, PersistentMap<CacheEntry<E>> entries) {
        this.revision = revision;
        this.entries = entries;
    }

    PersistentMap<CacheEntry<E>> entries() {
        return entries;
    }

    CacheSnapshot<E> at(long laterRevision) {
        return new CacheSnapshot<>(laterRevision, entries);
    }

    /** etcd's revision that this is the state of. */
    public long revision() {
        return revision;
    }

    /** One key. */
    public Optional<CacheEntry<E>> get(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** A range in the order of keys, at most so many; 0 is all. */
    public List<CacheEntry<E>> range(String start, String endExclusive, int limit) {
        List<CacheEntry<E>> found = new ArrayList<>();
        entries.visit(start, endExclusive, entry -> {
            found.add(entry);
            return found.size() != limit;
        });
        return found;
    }

    /** All keys that begin with the prefix. */
    public List<CacheEntry<E>> prefix(String prefix) {
        return range(prefix, EtcdStore.prefixEnd(prefix), 0);
    }

    /** Visits a range in order until the visitor says false. */
    public void visit(String start, String endExclusive, Predicate<CacheEntry<E>> visitor) {
        entries.visit(start, endExclusive, visitor);
    }

    /** How many keys a range has; costs a path of the tree, whatever the range. */
    public int count(String start, String endExclusive) {
        int end = endExclusive.equals("\0") ? entries.size() : entries.rank(endExclusive);
        return Math.max(0, end - entries.rank(start));
    }
}
