package io.pilothouse.apiserver.bootstrap;

import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.StorageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets etcd forget what is older than one interval to two. Servers agree through upstream's key {@code compact_rev_key}: who changes it first in an
 * interval compacts.
 */
public final class Compactor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);
    private static final String KEY = "compact_rev_key";

    private final EtcdStore etcd;
    private final Duration interval;
    private final CountDownLatch ended = new CountDownLatch(1);

    private Compactor(EtcdStore etcd, Duration interval) {
        this.etcd = etcd;
        this.interval = interval;
    }

    /** Begins; an interval of zero never compacts. */
    public static Compactor start(EtcdStore etcd, Duration interval) {
        var compactor = new Compactor(etcd, interval);
        if (!interval.isZero()) {
            Thread.ofVirtual().name("compactor").start(compactor::run);
        }
        return compactor;
    }

    private void run() {
        long version = 0;
        long revision = 0;
        try {
            while (!ended.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    Optional<KeyValue> agreed = etcd.get(KEY);
                    long present = agreed.map(KeyValue::version).orElse(0L);
                    if (present != version) {
                        version = present;
                        revision = etcd.linearizableRevision();
                        continue;
                    }
                    long now = etcd.linearizableRevision();
                    byte[] value = Long.toString(now).getBytes(StandardCharsets.UTF_8);
                    if (agreed.isPresent()) {
                        etcd.update(KEY, value, agreed.get().modRevision(), 0);
                    } else {
                        etcd.create(KEY, value, 0);
                    }
                    version = present + 1;
                    if (revision > 0) {
                        etcd.compact(revision);
                    }
                    revision = now;
                } catch (StorageException e) {
                    LOG.atInfo().addKeyValue("reason", e.getMessage()).log("no compaction this time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
