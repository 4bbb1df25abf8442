package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.bootstrap.Compactor;
import io.pilothouse.apiserver.bootstrap.IdentityLease;
import io.pilothouse.apiserver.bootstrap.LegacyTokenTracking;
import io.pilothouse.apiserver.bootstrap.MasterEndpoints;
import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.custom.DefinitionController;
import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.services.ServiceUpkeep;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a server does besides answering, from when it listens until it is closed. */
record BackgroundTasks(List<AutoCloseable> tasks) implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundTasks.class);

    static BackgroundTasks start(
            ApiServerOptions options,
            Storage storage,
            DynamicResources resources,
            ResourceDefinition definitions,
            OwnObjects own,
            InetSocketAddress listening,
            List<AutoCloseable> followers,
            QueueMetrics queues,
            StartHooks hooks,
            Clock clock)
            throws IOException {
        var tasks = new ArrayList<AutoCloseable>(followers);
        tasks.add(resources);
        tasks.add(
                DefinitionController.start(storage.cache(), storage.registry(), resources, definitions, queues, clock));
        hooks.done("start-apiextensions-controllers");
        tasks.addAll(own.start(storage.cache(), queues, hooks));
        tasks.add(IdentityLease.start(
                new OwnWrites(storage.registry(), resources, clock),
                storage.registry(),
                clock,
                InetAddress.getLocalHost().getHostName()));
        // The lease also tells the servers of each other, and cleans up after those that are gone.
        hooks.done(
                "start-kube-apiserver-identity-lease-controller",
                "start-kube-apiserver-identity-lease-garbage-collector",
                "peer-endpoint-reconciler-controller");
        tasks.add(Compactor.start(storage.etcd(), Durations.parse(options.etcdCompactionInterval)));
        tasks.add(ServiceUpkeep.start(storage.services(), storage.registry(), resources, clock));
        hooks.done("start-service-ip-repair-controllers");
        tasks.add(LegacyTokenTracking.start(
                new OwnWrites(storage.registry(), resources, clock), storage.cache(), queues, clock));
        hooks.done("start-legacy-token-tracking-controller");
        var advertised = InetAddress.getByName(
                options.advertiseAddress.isEmpty() ? options.bindAddress : options.advertiseAddress);
        if (options.endpointReconcilerType.equals("lease")
                && !advertised.isLoopbackAddress()
                && !advertised.isAnyLocalAddress()) {
            tasks.add(MasterEndpoints.start(
                    storage.etcd(),
                    storage.codec(),
                    storage.registry(),
                    resources,
                    clock,
                    advertised.getHostAddress(),
                    listening.getPort()));
        }
        hooks.done("bootstrap-controller");
        return new BackgroundTasks(List.copyOf(tasks));
    }

    @Override
    public void close() {
        for (var task : tasks) {
            try {
                task.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a background task did not end in order");
            }
        }
    }
}
