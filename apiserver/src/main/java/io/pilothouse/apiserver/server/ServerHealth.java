package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.encryption.EncryptionAtRest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** The checks behind /livez, /readyz and /healthz, under upstream's names and in upstream's order. */
final class ServerHealth {
    private ServerHealth() {}

    /**
     * @param certificate fails when the certificate that the server made for itself has ended
     * @param registered fails while APIServices of built-in versions are missing
     */
    static List<HealthChecks> checks(
            Storage storage,
            AtomicBoolean draining,
            StartHooks hooks,
            HealthChecks.Check log,
            HealthChecks.Check certificate,
            HealthChecks.Check registered,
            HealthMetrics metrics) {
        var cache = storage.watchCache();
        HealthChecks.Check etcdAnswers = storage.etcd()::linearizableRevision;
        var live = base(log);
        live.put("loopback-serving-certificate", certificate);
        live.put("etcd", etcdAnswers);
        var all = new LinkedHashMap<>(live);
        var ready = base(log);
        storage.encryption().filter(EncryptionAtRest::hasHealth).ifPresent(encryption -> {
            HealthChecks.Check services = () -> require(encryption.problems().isEmpty(), encryption.problems());
            all.put("kms-providers", services);
            ready.put("kms-providers", services);
        });
        ready.put("informer-sync", () -> require(cache.isFilled(), "the cache is not filled"));
        for (var checks : List.of(live, all, ready)) {
            addHooks(checks, hooks, registered);
        }
        ready.put("shutdown", () -> require(!draining.get(), "process is shutting down"));
        return List.of(
                new HealthChecks("livez", live, metrics),
                new HealthChecks("readyz", ready, metrics),
                new HealthChecks("healthz", all, metrics));
    }

    private static Map<String, HealthChecks.Check> base(HealthChecks.Check log) {
        var checks = new LinkedHashMap<String, HealthChecks.Check>();
        checks.put("ping", () -> {});
        checks.put("log", log);
        return checks;
    }

    private static void addHooks(
            Map<String, HealthChecks.Check> checks, StartHooks hooks, HealthChecks.Check registered) {
        for (String hook : hooks.names()) {
            checks.put("poststarthook/" + hook, () -> hooks.require(hook));
            if (hook.equals(StartHooks.BEFORE_COMPLETION)) {
                checks.put("autoregister-completion", registered);
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
