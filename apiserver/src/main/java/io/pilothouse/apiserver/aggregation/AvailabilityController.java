package io.pilothouse.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.bootstrap.CacheFollower;
import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.kinds.apiregistration.APIServices;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether the servers behind this one answer, and says so in the condition Available of their APIServices: at once when an
 * APIService, a service or its endpoints change, and every thirty seconds. What they serve is noted on the way.
 */
final class AvailabilityController {
    private static final Logger LOG = LoggerFactory.getLogger(AvailabilityController.class);
    private static final GroupResource SERVICES = new GroupResource("", "services");
    private static final GroupResource SLICES = new GroupResource("discovery.k8s.io", "endpointslices");
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final int ATTEMPTS = 5;

    private final OwnWrites writes;
    private final ClusterView cluster;
    private final RemoteServices services;
    private volatile Family.@Nullable Of<Counter> unavailable;

    AvailabilityController(OwnWrites writes, ClusterView cluster, RemoteServices services) {
        this.writes = writes;
        this.cluster = cluster;
        this.services = services;
    }

    void register(Metrics metrics) {
        unavailable = metrics.counters(
                "aggregator_unavailable_apiservice_total",
                Stability.ALPHA,
                "Counter of APIServices which are marked as unavailable broken down by APIService name and reason.",
                "name",
                "reason");
        metrics.computed(
                "gauge",
                "aggregator_unavailable_apiservice",
                Stability.ALPHA,
                "Gauge of APIServices which are marked as unavailable broken down by APIService name.",
                List.of("name"),
                told -> writes.list(APIServices.RESOURCE)
                        .forEach(s -> told.value(AvailableCondition.isTrue(s) ? 0 : 1, ObjectMeta.name(s))));
    }

    private void count(String name, AvailableCondition condition) {
        var counted = unavailable;
        if (counted != null && !condition.status().equals("True")) {
            counted.of(name, condition.reason()).increment();
        }
    }

    AutoCloseable start(ObjectCache cache, QueueMetrics queues) {
        return CacheFollower.start(
                "api-service-availability",
                queues.of("RemoteAvailabilityController"),
                cache,
                List.of(
                        "/registry/apiregistration.k8s.io/apiservices/",
                        "/registry/services/specs/",
                        "/registry/endpointslices/"),
                LOOK_AGAIN,
                this::checkAll);
    }

    /** One that does not answer must not hold up the others: each is looked at by a thread of its own. */
    private void checkAll() {
        services.rebuild();
        var threads = new ArrayList<Thread>();
        for (var service : services.all()) {
            threads.add(Thread.ofVirtual().name("check-" + service.name()).start(() -> check(service)));
        }
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(RemoteService service) {
        try {
            var condition = inCluster(service).orElseGet(() -> answering(service));
            var current = writes.find(APIServices.RESOURCE, "", service.name());
            if (current.isPresent() && !condition.isSaidBy(current.get())) {
                LOG.atInfo()
                        .addKeyValue("name", service.name())
                        .addKeyValue("status", condition.status())
                        .addKeyValue("reason", condition.reason())
                        .addKeyValue("message", condition.message())
                        .log("the availability of an API service changes");
                count(service.name(), condition);
                writes.updateStatus(APIServices.RESOURCE, service.name(), live -> condition.setIn(live, writes.now()));
            }
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).addKeyValue("name", service.name()).log("an API service could not be checked");
        }
    }

    /** What the objects of the cluster say against a service. */
    private Optional<AvailableCondition> inCluster(RemoteService remote) {
        String where = "service/" + remote.serviceName() + " in \"" + remote.serviceNamespace() + "\"";
        var service = cluster.find(SERVICES, remote.serviceNamespace(), remote.serviceName());
        if (service.isEmpty()) {
            return Optional.of(AvailableCondition.unavailable("ServiceNotFound", where + " is not present"));
        }
        var spec = service.get().path("spec");
        if (!spec.path("type").asText("ClusterIP").equals("ClusterIP")) {
            return Optional.empty();
        }
        Optional<String> port = portName(spec, remote.port());
        if (port.isEmpty()) {
            return Optional.of(AvailableCondition.unavailable(
                    "ServicePortError", where + " is not listening on port " + remote.port()));
        }
        var slices = cluster.list(SLICES, remote.serviceNamespace()).stream()
                .filter(s -> remote.serviceName().equals(ObjectMeta.labels(s).get("kubernetes.io/service-name")))
                .toList();
        if (slices.isEmpty()) {
            return Optional.of(
                    AvailableCondition.unavailable("EndpointsNotFound", "cannot find endpointslices for " + where));
        }
        if (slices.stream().noneMatch(s -> isReady(s, port.get()))) {
            return Optional.of(AvailableCondition.unavailable(
                    "MissingEndpoints",
                    "endpointslices for " + where + " have no addresses with port name \"" + port.get() + "\""));
        }
        return Optional.empty();
    }

    private static Optional<String> portName(JsonNode spec, int wanted) {
        for (JsonNode port : spec.path("ports")) {
            if (port.path("port").asInt() == wanted) {
                return Optional.of(port.path("name").asText(""));
            }
        }
        return Optional.empty();
    }

    private static boolean isReady(JsonNode slice, String portName) {
        boolean ready = slice.path("endpoints")
                .valueStream()
                .anyMatch(e -> e.path("conditions").path("ready").asBoolean(true));
        return ready
                && slice.path("ports")
                        .valueStream()
                        .anyMatch(
                                p -> p.has("port") && p.path("name").asText("").equals(portName));
    }

    /** Whether the server answers: one good answer of five is enough. */
    private AvailableCondition answering(RemoteService service) {
        String failure = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            InetSocketAddress address;
            try {
                address = service.address();
            } catch (IOException e) {
                failure = String.valueOf(e.getMessage());
                continue;
            }
            String url = "https://" + ProxyErrors.hostPort(address) + service.root();
            try {
                note(service, address, url);
                return AvailableCondition.PASSED;
            } catch (BadStatusException e) {
                failure = "failing or missing response from " + url + ": bad status from " + url + ": " + e.status();
            } catch (IOException e) {
                failure = "failing or missing response from " + url + ": Get \"" + url + "\": "
                        + ProxyErrors.text(e, address);
            }
        }
        return AvailableCondition.unavailable("FailedDiscoveryCheck", failure);
    }

    private void note(RemoteService service, InetSocketAddress address, String url) throws IOException {
        JsonNode list = service.fetch(address, service.root());
        String openApi;
        try {
            openApi = service.fetch(address, "/openapi/v3")
                    .path("paths")
                    .path(service.root().substring(1))
                    .path("serverRelativeURL")
                    .asText("");
        } catch (IOException e) {
            LOG.atDebug().setCause(e).addKeyValue("url", url).log("a server has no OpenAPI");
            openApi = "";
        }
        services.heard(service.version(), new RemoteContent(RemoteContent.resources(list, service.version()), openApi));
    }
}
