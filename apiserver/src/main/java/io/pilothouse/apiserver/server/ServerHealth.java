package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.encryption.EncryptionAtRest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** The checks behind /livez, /readyz and /healthz, under upstream's names. */
final class ServerHealth {
    private ServerHealth() {}

    static List<HealthChecks> checks(Storage storage, AtomicBoolean draining) {
        var cache = storage.watchCache();
        HealthChecks.Check fine = () -> {};
        HealthChecks.Check etcdAnswers = storage.etcd()::linearizableRevision;
        var live = new LinkedHashMap<String, HealthChecks.Check>();
        live.put("ping", fine);
        live.put("log", fine);
        live.put("loopback-serving-certificate", fine);
        live.put("etcd", etcdAnswers);
        var ready = new LinkedHashMap<String, HealthChecks.Check>();
        ready.put("ping", fine);
        ready.put("log", fine);
        storage.encryption().filter(EncryptionAtRest::hasHealth).ifPresent(encryption -> {
            HealthChecks.Check services = () -> require(encryption.problems().isEmpty(), encryption.problems());
            live.put("kms-providers", services);
            ready.put("kms-providers", services);
        });
        live.put("autoregister-completion", fine);
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
