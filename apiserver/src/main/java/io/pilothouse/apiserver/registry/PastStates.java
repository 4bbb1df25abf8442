package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.registry.ObjectCache.Snapshot;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.RangeResult;
import io.pilothouse.storage.StorageException;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/**
 * States of the past, read from etcd as far as it keeps them: those from before the cache was filled, and those that the cache
 * has let go. A list that began at another server, or before this one was started, goes on with their help.
 */
public final class PastStates {
    private static final int PAGE = 1_000;

    private final EtcdStore etcd;
    private final Function<KeyValue, StoredObject> decoder;

    public PastStates(EtcdStore etcd, Function<KeyValue, StoredObject> decoder) {
        this.etcd = etcd;
        this.decoder = decoder;
    }

    /** @throws io.pilothouse.machinery.status.StatusException 410 if etcd has compacted that revision */
    Snapshot at(long revision, String prefix) {
        try {
            // A read of nothing tells whether the revision is there.
            etcd.range(prefix, prefix + "\0", revision, 1);
        } catch (StorageException.Compacted e) {
            throw Refusals.listExpired();
        }
        return new Past(revision);
    }

    /** A state that is read as far as it is visited. */
    private final class Past implements Snapshot {
        private final long revision;

        Past(long revision) {
            this.revision = revision;
        }

        @Override
        public long revision() {
            return revision;
        }

        @Override
        public Optional<StoredObject> get(String key) {
            return etcd.get(key, revision).map(decoder);
        }

        @Override
        public void scan(String prefix, String start, BiPredicate<String, StoredObject> visitor) {
            String end = EtcdStore.prefixEnd(prefix);
            String from = start;
            boolean more = true;
            while (more) {
                var page = read(from, end);
                for (var stored : page.keyValues()) {
                    if (!visit(stored, visitor)) {
                        return;
                    }
                    from = stored.key() + "\0";
                }
                more = page.more();
            }
        }

        private RangeResult read(String from, String end) {
            try {
                return etcd.range(from, end, revision, PAGE);
            } catch (StorageException.Compacted e) {
                throw Refusals.listExpired();
            }
        }

        private boolean visit(KeyValue stored, BiPredicate<String, StoredObject> visitor) {
            StoredObject object;
            try {
                object = decoder.apply(stored);
            } catch (RuntimeException unreadable) {
                ObjectCache.warnOfUnreadable(stored.key(), unreadable);
                return true;
            }
            return visitor.test(stored.key(), object);
        }
    }
}
