package io.pilothouse.storage;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongUnaryOperator;

/** Lets keys of an equal time to live share a lease for a while; it is granted that much longer, so none dies early. */
final class SharedLeases {
    private static final int MAX_KEYS = 1000;
    private static final long MAX_SHARING_SECONDS = 60;
    private final LongUnaryOperator grant;
    private final InstantSource clock;
    private final Map<Long, Lease> byTtl = new HashMap<>();

    private static final class Lease {
        final long id;
        final long shareUntilMillis;
        int keys;

        Lease(long id, long shareUntilMillis) {
            this.id = id;
            this.shareUntilMillis = shareUntilMillis;
        }
    }

    SharedLeases(LongUnaryOperator grant, InstantSource clock) {
        this.grant = grant;
        this.clock = clock;
    }

    synchronized long get(long ttlSeconds) {
        long now = clock.millis();
        Lease lease = byTtl.get(ttlSeconds);
        if (lease == null || now >= lease.shareUntilMillis || lease.keys >= MAX_KEYS) {
            long sharing = Math.min(MAX_SHARING_SECONDS, ttlSeconds / 20);
            lease = new Lease(grant.applyAsLong(ttlSeconds + sharing), now + sharing * 1000);
            byTtl.values().removeIf(old -> now >= old.shareUntilMillis);
            byTtl.put(ttlSeconds, lease);
        }
        lease.keys++;
        return lease.id;
    }

    synchronized void forget(long id) {
        byTtl.values().removeIf(lease -> lease.id == id);
    }
}
