package io.pilothouse.storage;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A key in the watch cache, at one revision. What stands behind it is the writer's own if the change was made in this process; else it is made of
 * the stored bytes when it is first asked for. The bytes are let go then. Safe on any thread.
 */
public final class CacheEntry<E> {
    /** Makes an entry from etcd's bytes. */
    @FunctionalInterface
    public interface Decoder<E> {
        /** May throw whatever is wrong with the bytes. */
        E decode(KeyValue keyValue) throws Exception;
    }

    private final String key;
    private final long createRevision;
    private final long modRevision;
    private final long version;
    private final long lease;
    private volatile @Nullable Source<E> source;
    private volatile @Nullable E value;
    private volatile @Nullable Exception error;

    private record Source<E>(KeyValue keyValue, Decoder<E> decoder, List<Handover<E>> writers) {}

    CacheEntry(KeyValue keyValue, Decoder<E> decoder, List<Handover<E>> writers) {
        this.key = keyValue.key();
        this.createRevision = keyValue.createRevision();
        this.modRevision = keyValue.modRevision();
        this.version = keyValue.version();
        this.lease = keyValue.lease();
        this.source = new Source<>(keyValue, decoder, writers);
    }

    /** etcd's key. */
    public String key() {
        return key;
    }

    /** The revision that created the key. */
    public long createRevision() {
        return createRevision;
    }

    /** The revision of this value. */
    public long modRevision() {
        return modRevision;
    }

    /** How many changes the key has had, its creation included. */
    public long version() {
        return version;
    }

    /** The lease it is bound to, or 0. */
    public long lease() {
        return lease;
    }

    /**
     * What the key holds.
     *
     * @throws PoisonedException when the bytes could not be read; the entry stays in the cache with that error
     */
    public E value() {
        E ready = value;
        if (ready == null) {
            ready = make();
        }
        return ready;
    }

    /** Why the entry can't be read, if so. Makes the value if nobody has. */
    public Optional<Exception> error() {
        if (value == null && error == null) {
            try {
                make();
            } catch (PoisonedException e) {
                return Optional.of(e.reason());
            }
        }
        // A writer may have handed the value over while the bytes were being read in vain.
        return value != null ? Optional.empty() : Optional.ofNullable(error);
    }

    /** Whether the value is there already; the bytes it came as are not held then. */
    boolean isMade() {
        return value != null;
    }

    /** Takes what a writer has handed over, if one has; does not wait. */
    void settle() {
        Source<E> from = source;
        if (from == null) {
            return;
        }
        for (Handover<E> writer : from.writers) {
            Optional<E> written = writer.poll(modRevision);
            if (written.isPresent()) {
                value = written.get(); // before the source goes: see make()
                source = null;
                return;
            }
        }
    }

    private synchronized E make() {
        Source<E> from = source; // before the value: where it is gone, there is a value or an error
        E ready = value;
        if (ready != null) {
            return ready;
        }
        Exception failed = error;
        if (failed != null || from == null) {
            throw new PoisonedException(key, failed == null ? new IllegalStateException("no source") : failed);
        }
        try {
            ready = null;
            for (Handover<E> writer : from.writers) {
                Optional<E> written = writer.await(modRevision);
                if (written.isPresent()) {
                    ready = written.get();
                }
            }
            if (ready == null) {
                ready = from.decoder.decode(from.keyValue);
            }
            value = ready;
            source = null;
            return ready;
        } catch (Exception e) {
            error = e;
            source = null;
            throw new PoisonedException(key, e);
        }
    }

    @Override
    public String toString() {
        return "CacheEntry[" + key + " @" + modRevision + "]";
    }

    /** A key whose bytes can't be read. */
    public static final class PoisonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Exception reason;

        PoisonedException(String key, Exception reason) {
            super("unreadable: " + key, reason);
            this.reason = reason;
        }

        /** What the decoder threw. */
        public Exception reason() {
            return reason;
        }
    }
}
