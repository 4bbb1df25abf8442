package io.pilothouse.apiserver.aggregation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.bootstrap.CacheFollower;
import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.discovery.RemoteApis;
import io.pilothouse.apiserver.kinds.apiregistration.APIServices;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.http.ClientTls;
import io.pilothouse.machinery.meta.GroupVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group versions of the moment that other servers serve, and what was last heard of each. One task follows the APIServices. */
public final class RemoteServices implements RemoteApis {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteServices.class);
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(5);

    private final OwnWrites writes;
    private volatile RemoteService.Routing routing;
    private final Map<GroupVersion, RemoteContent> contents = new ConcurrentHashMap<>();
    private volatile Map<GroupVersion, RemoteService> services = Map.of();

    RemoteServices(OwnWrites writes, RemoteService.Routing routing) {
        this.writes = writes;
        this.routing = routing;
    }

    /** Begins to follow the APIServices. */
    AutoCloseable start(ObjectCache cache, QueueMetrics queues) {
        rebuild();
        return CacheFollower.start(
                "api-services",
                queues.of("APIServiceRegistrationController"),
                cache,
                List.of("/registry/apiregistration.k8s.io/apiservices/"),
                LOOK_AGAIN,
                this::rebuild);
    }

    /** Reads the APIServices anew. */
    synchronized void rebuild() {
        var next = new HashMap<GroupVersion, RemoteService>();
        for (ObjectNode object : writes.list(APIServices.RESOURCE)) {
            if (object.path("spec").has("service")) {
                var service = RemoteService.of(object, routing);
                var known = services.get(service.version());
                next.put(service.version(), known != null && known.sameAs(service) ? known : service);
            }
        }
        services = Map.copyOf(next);
        contents.keySet().retainAll(next.keySet());
    }

    /** Shows another certificate from now on; connections that are open go on. */
    void show(Optional<ClientTls> identity) {
        routing = new RemoteService.Routing(routing.cluster(), identity, routing.endpoints());
        rebuild();
    }

    Collection<RemoteService> all() {
        return services.values();
    }

    Optional<RemoteService> of(GroupVersion version) {
        return Optional.ofNullable(services.get(version));
    }

    void heard(GroupVersion version, RemoteContent content) {
        if (services.containsKey(version)) {
            contents.put(version, content);
        }
    }

    /** What was last heard of a version, if it is available. */
    Optional<RemoteContent> content(GroupVersion version) {
        return of(version).filter(RemoteService::available).flatMap(s -> Optional.ofNullable(contents.get(version)));
    }

    @Override
    public Set<GroupVersion> versions() {
        return services.keySet();
    }

    @Override
    public int groupPriority(String group) {
        return services.values().stream()
                .filter(s -> s.version().group().equals(group))
                .mapToInt(RemoteService::groupPriority)
                .max()
                .orElse(0);
    }

    @Override
    public int versionPriority(GroupVersion version) {
        return of(version).map(RemoteService::versionPriority).orElse(0);
    }

    @Override
    public Optional<List<ObjectNode>> resources(GroupVersion version) {
        return content(version).map(RemoteContent::resources);
    }

    @Override
    public Map<String, String> openApiUrls() {
        var out = new HashMap<String, String>();
        for (var version : versions()) {
            content(version)
                    .map(RemoteContent::openApiUrl)
                    .filter(url -> !url.isEmpty())
                    .ifPresent(url -> out.put("apis/" + version.apiVersion(), url));
        }
        return out;
    }

    @Override
    public Optional<ObjectNode> openApi2(GroupVersion version) {
        var service = of(version).filter(RemoteService::available);
        if (service.isEmpty()) {
            return Optional.empty();
        }
        try {
            return service.get().fetch("/openapi/v2") instanceof ObjectNode document
                    ? Optional.of(document)
                    : Optional.empty();
        } catch (IOException e) {
            LOG.atInfo().setCause(e).addKeyValue("name", service.get().name()).log("a server has no OpenAPI v2");
            return Optional.empty();
        }
    }
}
