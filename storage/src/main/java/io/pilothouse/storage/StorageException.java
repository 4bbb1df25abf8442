package io.pilothouse.storage;

import org.jspecify.annotations.Nullable;

/** What etcd refuses or fails at. Unchecked: almost every caller passes it on to the one place that renders errors. */
public abstract sealed class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** A create found the key there. */
    public static final class KeyExists extends StorageException {
        private static final long serialVersionUID = 1L;
        private final transient KeyValue current;

        KeyExists(KeyValue current) {
            super("key exists: " + current.key(), null);
            this.current = current;
        }

        /** What is there, read in the same transaction. */
        public KeyValue current() {
            return current;
        }
    }

    /** A conditional change found another revision. */
    public static final class RevisionConflict extends StorageException {
        private static final long serialVersionUID = 1L;
        private final transient KeyValue current;

        RevisionConflict(KeyValue current, long expected) {
            super("key " + current.key() + " is at revision " + current.modRevision() + ", not " + expected, null);
            this.current = current;
        }

        /** What is there, read in the same transaction. */
        public KeyValue current() {
            return current;
        }
    }

    /** A change needs the key, and it is not there. */
    public static final class KeyNotFound extends StorageException {
        private static final long serialVersionUID = 1L;
        private final String key;
        private final long revision;

        KeyNotFound(String key, long revision) {
            super("key not found: " + key, null);
            this.key = key;
            this.revision = revision;
        }

        String key() {
            return key;
        }

        /** The revision at which it was not there. */
        public long revision() {
            return revision;
        }
    }

    /** The revision asked for was compacted away. */
    public static final class Compacted extends StorageException {
        private static final long serialVersionUID = 1L;
        private final long compactRevision;

        /** @param compactRevision the oldest revision that is left, or 0 when not known */
        public Compacted(String message, long compactRevision) {
            super(message, null);
            this.compactRevision = compactRevision;
        }

        /** The oldest revision that is left, or 0 when not known. */
        public long compactRevision() {
            return compactRevision;
        }
    }

    /** The revision asked for is not reached yet. */
    public static final class FutureRevision extends StorageException {
        private static final long serialVersionUID = 1L;

        FutureRevision(String message) {
            super(message, null);
        }
    }

    /** No member answers, or the cluster has no leader. A write may or may not have happened. */
    public static final class Unavailable extends StorageException {
        private static final long serialVersionUID = 1L;

        Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** No answer in time. A write may or may not have happened. */
    public static final class Timeout extends StorageException {
        private static final long serialVersionUID = 1L;

        Timeout(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The request is larger than etcd takes. */
    public static final class TooLarge extends StorageException {
        private static final long serialVersionUID = 1L;

        TooLarge(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The lease has expired or never was. */
    public static final class LeaseNotFound extends StorageException {
        private static final long serialVersionUID = 1L;

        LeaseNotFound(String message) {
            super(message, null);
        }
    }

    /** Anything else: no space left, a bad certificate, a bug. */
    public static final class Failed extends StorageException {
        private static final long serialVersionUID = 1L;

        /** @param cause what went wrong */
        public Failed(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
