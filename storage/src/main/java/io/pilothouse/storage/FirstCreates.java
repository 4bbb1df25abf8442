package io.pilothouse.storage;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets creates that come at the same time share a transaction, until it is told to {@link #end} that: a start writes a few hundred objects,
 * and a transaction for each would take it longer than all else. Those of one transaction share a revision, so this is only for what
 * is written before anybody can watch: who begins to watch at a revision is told of what came after it.
 */
public final class FirstCreates extends DelegatingStore {
    /** etcd takes 128 steps, if it is not told otherwise. */
    private static final int MOST = 100;

    /** Far below the 1.5 MiB that etcd takes. */
    private static final int MOST_BYTES = 512 << 10;

    private final ConcurrentLinkedQueue<Create> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock sending = new ReentrantLock();
    private volatile boolean ended;

    /** Wraps a store; closing this closes it. */
    public FirstCreates(EtcdStore store) {
        super(store);
    }

    /** A create on its way. Its outcome is written and read under the lock. */
    private static final class Create {
        private final String key;
        private final byte[] value;
        private final long leaseId;
        /** Of its transaction; 0 if it has to be sent by itself, -1 if it was not sent yet. */
        private long revision = -1;

        private @Nullable RuntimeException failure;

        Create(String key, byte[] value, long leaseId) {
            this.key = key;
            this.value = value;
            this.leaseId = leaseId;
        }
    }

    /** From now on each create has its own transaction. */
    public void end() {
        ended = true;
    }

    @Override
    public long create(String key, byte[] value, long leaseId) {
        if (ended) {
            return store().create(key, value, leaseId);
        }
        var create = new Create(key, value, leaseId);
        waiting.add(create);
        long revision;
        sending.lock();
        try {
            // Others may have sent it, while this one waited for them.
            while (create.revision < 0) {
                send(next());
            }
            if (create.failure != null) {
                throw create.failure;
            }
            revision = create.revision;
        } finally {
            sending.unlock();
        }
        return revision > 0 ? revision : alone(create);
    }

    private List<Create> next() {
        var group = new ArrayList<Create>();
        var keys = new HashSet<String>();
        int bytes = 0;
        for (var first = waiting.peek(); first != null && group.size() < MOST; first = waiting.peek()) {
            bytes += first.value.length;
            // A transaction may write a key once.
            if ((!group.isEmpty() && bytes > MOST_BYTES) || !keys.add(first.key)) {
                break;
            }
            group.add(waiting.remove());
        }
        return group;
    }

    private void send(List<Create> group) {
        try {
            long revision = group.size() == 1 ? alone(group.getFirst()) : together(group);
            group.forEach(create -> create.revision = revision);
        } catch (RuntimeException e) {
            group.forEach(create -> {
                create.revision = 0;
                create.failure = e;
            });
        }
    }

    private long alone(Create create) {
        return store().create(create.key, create.value, create.leaseId);
    }

    /** @return 0 if one of them was there: none was written then */
    private long together(List<Create> group) {
        var result = store().txn(
                        group.stream().map(c -> Compare.absent(c.key)).toList(),
                        group.stream()
                                .<Op>map(c -> new Op.Put(c.key, c.value, c.leaseId))
                                .toList(),
                        List.of());
        return result.succeeded() ? result.revision() : 0;
    }
}
