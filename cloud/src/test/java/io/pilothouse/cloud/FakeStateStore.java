package io.pilothouse.cloud;

import io.pilothouse.cloud.state.StateStore;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Records in memory. */
public final class FakeStateStore implements StateStore {
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private long revision;

    @Override
    public synchronized Optional<Entry> find(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public synchronized List<Entry> list(String prefix) {
        return entries.tailMap(prefix).values().stream()
                .takeWhile(e -> e.key().startsWith(prefix))
                .toList();
    }

    @Override
    public synchronized boolean compareAndSet(String key, long expectedRevision, String json) {
        Entry old = entries.get(key);
        if ((old == null ? 0 : old.revision()) != expectedRevision) {
            return false;
        }
        entries.put(key, new Entry(key, json, ++revision));
        return true;
    }

    @Override
    public synchronized boolean remove(String key, long expectedRevision) {
        Entry old = entries.get(key);
        if (old == null || old.revision() != expectedRevision) {
            return false;
        }
        entries.remove(key);
        return true;
    }
}
