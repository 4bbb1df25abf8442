package io.pilothouse.apiserver.aggregation;

import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.http.ClientTls;
import java.util.List;
import java.util.Optional;

/** The servers behind this one: put together here. */
public final class Aggregation {
    private final RemoteServices services;
    private final AvailabilityController availability;
    private final AggregationProxy proxy;

    /**
     * @param identity the certificate that this server shows to the others ({@code --proxy-client-cert-file}); empty for none
     * @param endpoints whether the endpoints of services are called, not their cluster IPs ({@code --enable-aggregator-routing})
     */
    public Aggregation(OwnWrites writes, ClusterView cluster, Optional<ClientTls> identity, boolean endpoints) {
        services = new RemoteServices(writes, new RemoteService.Routing(cluster, identity, endpoints));
        availability = new AvailabilityController(writes, cluster, services);
        proxy = new AggregationProxy(services);
    }

    /** Shows another certificate to the servers from now on. */
    public void show(Optional<ClientTls> identity) {
        services.show(identity);
    }

    /** Counts which servers do not answer. */
    public void register(Metrics metrics) {
        availability.register(metrics);
    }

    /** What discovery and OpenAPI tell of the other servers. */
    public RemoteServices services() {
        return services;
    }

    public AggregationProxy proxy() {
        return proxy;
    }

    /** Begins to follow the APIServices and to look whether the servers answer. */
    public List<AutoCloseable> start(ObjectCache cache, QueueMetrics queues) {
        return List.of(services.start(cache, queues), availability.start(cache, queues));
    }
}
