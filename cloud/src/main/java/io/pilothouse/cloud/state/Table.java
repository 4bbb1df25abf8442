package io.pilothouse.cloud.state;

import io.pilothouse.cloud.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The records of one type under one prefix. Safe for many threads. */
public final class Table<T> {
    private static final int MAX_ATTEMPTS = 50;
    private final StateStore store;
    private final String prefix;
    private final Class<T> type;

    /** @param prefix the folder of the records, without slashes at its ends */
    public Table(StateStore store, String prefix, Class<T> type) {
        this.store = store;
        this.prefix = prefix + "/";
        this.type = type;
    }

    /** The record of an id. */
    public Optional<T> find(String id) {
        return store.find(prefix + id).map(this::decode);
    }

    /** All records, in id order. */
    public List<T> list() {
        return store.list(prefix).stream().map(this::decode).toList();
    }

    /** Stores a new record; false, and nothing stored, when the id is taken. */
    public boolean insert(String id, T value) {
        return store.compareAndSet(prefix + id, 0, Json.write(value));
    }

    /** Changes a record atomically; the change may run more than once. Empty when there is none. */
    public Optional<T> update(String id, UnaryOperator<T> change) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<StateStore.Entry> entry = store.find(prefix + id);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            T next = change.apply(decode(entry.get()));
            if (store.compareAndSet(prefix + id, entry.get().revision(), Json.write(next))) {
                return Optional.of(next);
            }
        }
        throw new IllegalStateException("record " + prefix + id + " changes too often");
    }

    /** Stores a record whether or not it was there. */
    public void put(String id, T value) {
        if (!insert(id, value)) {
            if (update(id, old -> value).isEmpty() && !insert(id, value)) {
                throw new IllegalStateException("record " + prefix + id + " changes too often");
            }
        }
    }

    /** Removes a record; the one removed, or empty when there was none. */
    public Optional<T> remove(String id) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Optional<StateStore.Entry> entry = store.find(prefix + id);
            if (entry.isEmpty()) {
                return Optional.empty();
            }
            if (store.remove(prefix + id, entry.get().revision())) {
                return Optional.of(decode(entry.get()));
            }
        }
        throw new IllegalStateException("record " + prefix + id + " changes too often");
    }

    private T decode(StateStore.Entry entry) {
        return Json.read(entry.json().getBytes(StandardCharsets.UTF_8), type);
    }
}
