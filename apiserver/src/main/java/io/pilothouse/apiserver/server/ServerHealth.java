package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.WatchCache;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The checks behind /livez, /readyz and /healthz, under upstream's names. */
final class ServerHealth {
    private ServerHealth() {}

    static List<HealthChecks> checks(EtcdStore etcd, WatchCache<StoredObject> cache, AtomicBoolean draining) {
        HealthChecks.Check fine = () -> {};
        HealthChecks.Check etcdAnswers = etcd::linearizableRevision;
        var live = new LinkedHashMap<String, HealthChecks.Check>();
        live.put("ping", fine);
        live.put("log", fine);
        live.put("loopback-serving-certificate", fine);
        live.put("etcd", etcdAnswers);
        live.put("autoregister-completion", fine);
        var ready = new LinkedHashMap<String, HealthChecks.Check>();
        ready.put("ping", fine);
        ready.put("log", fine);
        ready.put("informer-sync", () -> require(cache.isFilled(), "the cache is not filled"));
        ready.put("autoregister-completion", fine);
        ready.put("shutdown", () -> require(!draining.get(), "the server is shutting down"));
        return List.of(
                new HealthChecks("livez", live), new HealthChecks("readyz", ready), new HealthChecks("healthz", live));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
