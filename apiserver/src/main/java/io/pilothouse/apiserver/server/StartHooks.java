package io.pilothouse.apiserver.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a server does at its start, by the names and in the order in which upstream's health checks tell of it, and what of that is done. Each
 * name stands for the part of this server that does upstream's work of that name. Safe for use by many threads.
 */
final class StartHooks {
    /** Where the check of the APIServices stands among the hooks. */
    static final String BEFORE_COMPLETION = "kube-apiserver-autoregistration";

    private final Map<String, AtomicBoolean> done = new LinkedHashMap<>();

    private StartHooks(List<String> names) {
        names.forEach(name -> done.put(name, new AtomicBoolean()));
    }

    static StartHooks of(ApiServerOptions options) {
        var names = new ArrayList<>(List.of("start-apiserver-admission-initializer"));
        if (options.encryptionConfig != null && options.encryptionReload) {
            names.add("start-encryption-provider-config-automatic-reload");
        }
        names.add("generic-apiserver-start-informers");
        names.addAll(
                options.priorityAndFairness
                        ? List.of("priority-and-fairness-config-consumer", "priority-and-fairness-filter")
                        : List.of("max-in-flight-filter"));
        names.addAll(List.of(
                "storage-object-count-tracker-hook",
                "start-apiextensions-informers",
                "start-apiextensions-controllers",
                "crd-informer-synced",
                "start-system-namespaces-controller",
                "peer-endpoint-reconciler-controller",
                "start-cluster-authentication-info-controller",
                "start-kube-apiserver-identity-lease-controller",
                "start-kube-apiserver-identity-lease-garbage-collector",
                "storage-readiness",
                "start-legacy-token-tracking-controller",
                "start-service-ip-repair-controllers",
                "rbac/bootstrap-roles",
                "scheduling/bootstrap-system-priority-classes",
                "priority-and-fairness-config-producer",
                "bootstrap-controller",
                "start-kubernetes-service-cidr-controller"));
        if (options.proxyClientCertFile != null) {
            names.add("aggregator-reload-proxy-client-cert");
        }
        names.addAll(List.of(
                "start-kube-aggregator-informers",
                "apiservice-status-local-available-controller",
                "apiservice-status-remote-available-controller",
                "apiservice-registration-controller",
                "apiservice-wait-for-first-sync",
                "apiservice-discovery-controller",
                BEFORE_COMPLETION,
                "apiservice-openapi-controller",
                "apiservice-openapiv3-controller"));
        return new StartHooks(names);
    }

    List<String> names() {
        return List.copyOf(done.keySet());
    }

    /** Notes that these are done; those that this server has no part in by its flags are passed over. */
    void done(String... names) {
        for (String name : names) {
            var flag = done.get(name);
            if (flag != null) {
                flag.set(true);
            }
        }
    }

    /** Requests could be served from now on. */
    void handlerMade() {
        done(
                "start-apiserver-admission-initializer",
                "start-encryption-provider-config-automatic-reload",
                "priority-and-fairness-filter",
                "max-in-flight-filter");
    }

    /** The one cache that stands for all of upstream's informers holds what etcd does. */
    void cacheFilled() {
        done(
                "generic-apiserver-start-informers",
                "storage-object-count-tracker-hook",
                "storage-readiness",
                "start-apiextensions-informers",
                "start-kube-aggregator-informers");
    }

    /** @throws IllegalStateException in upstream's words while it is not done */
    void require(String name) {
        var flag = done.get(name);
        if (flag == null || !flag.get()) {
            throw new IllegalStateException("not finished");
        }
    }
}
