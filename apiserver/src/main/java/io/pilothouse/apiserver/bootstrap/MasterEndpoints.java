package io.pilothouse.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.StorageException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the endpoints of the kubernetes service: every live server has a leased key below {@code /registry/masterleases/}, as upstream's servers have,
 * and each of them writes what all the keys say.
 */
public final class MasterEndpoints implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MasterEndpoints.class);
    private static final String PREFIX = "/registry/masterleases/";
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final long LEASE_SECONDS = 15;
    private static final UserInfo SELF = UserInfo.of("system:apiserver", UserInfo.SUPERUSERS);
    private static final GroupResource ENDPOINTS = new GroupResource("", "endpoints");
    private static final GroupResource SLICES = new GroupResource("discovery.k8s.io", "endpointslices");

    private final EtcdStore etcd;
    private final ObjectCodec codec;
    private final Registry registry;
    private final ResourceIndex resources;
    private final Clock clock;
    private final String address;
    private final int port;
    private final CountDownLatch ended = new CountDownLatch(1);

    private MasterEndpoints(
            EtcdStore etcd,
            ObjectCodec codec,
            Registry registry,
            ResourceIndex resources,
            Clock clock,
            String address,
            int port) {
        this.etcd = etcd;
        this.codec = codec;
        this.registry = registry;
        this.resources = resources;
        this.clock = clock;
        this.address = address;
        this.port = port;
    }

    /**
     * Begins to keep the endpoints, on a thread of its own.
     *
     * @param address by which pods reach this server
     */
    public static MasterEndpoints start(
            EtcdStore etcd,
            ObjectCodec codec,
            Registry registry,
            ResourceIndex resources,
            Clock clock,
            String address,
            int port) {
        var keeper = new MasterEndpoints(etcd, codec, registry, resources, clock, address, port);
        Thread.ofVirtual().name("master-endpoints").start(keeper::run);
        return keeper;
    }

    private void run() {
        try {
            do {
                try {
                    renew();
                    publish(addresses());
                } catch (StorageException | StatusException e) {
                    LOG.atWarn()
                            .addKeyValue("reason", e.getMessage())
                            .log("the kubernetes endpoints could not be kept; trying again");
                }
            } while (!ended.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew() {
        var definition = definition(ENDPOINTS);
        byte[] value = codec.encode(definition, endpoints("", List.of(address)));
        long lease = etcd.grant(LEASE_SECONDS);
        var present = etcd.get(PREFIX + address);
        if (present.isPresent()) {
            etcd.update(PREFIX + address, value, present.get().modRevision(), lease);
        } else {
            etcd.create(PREFIX + address, value, lease);
        }
    }

    private List<String> addresses() {
        var out = new TreeSet<String>();
        etcd.range(PREFIX, EtcdStore.prefixEnd(PREFIX), 0, 0)
                .keyValues()
                .forEach(kv -> out.add(kv.key().substring(PREFIX.length())));
        return new ArrayList<>(out);
    }

    private ObjectNode endpoints(String name, List<String> addresses) {
        var object =
                JsonNodeFactory.instance.objectNode().put("kind", "Endpoints").put("apiVersion", "v1");
        var metadata = object.putObject("metadata");
        if (!name.isEmpty()) {
            metadata.put("name", name).put("namespace", "default");
            metadata.putObject("labels").put("endpointslice.kubernetes.io/skip-mirror", "true");
        }
        if (!addresses.isEmpty()) {
            var subset = object.putArray("subsets").addObject();
            var list = subset.putArray("addresses");
            addresses.forEach(a -> list.addObject().put("ip", a));
            subset.putArray("ports")
                    .addObject()
                    .put("name", "https")
                    .put("port", port)
                    .put("protocol", "TCP");
        }
        return object;
    }

    private ObjectNode slice(List<String> addresses) {
        var object = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "EndpointSlice")
                .put("apiVersion", "discovery.k8s.io/v1");
        var metadata = object.putObject("metadata").put("name", "kubernetes").put("namespace", "default");
        metadata.putObject("labels").put("kubernetes.io/service-name", "kubernetes");
        object.put("addressType", "IPv4");
        var list = object.putArray("endpoints");
        for (String a : addresses) {
            var endpoint = list.addObject();
            endpoint.putArray("addresses").add(a);
            endpoint.putObject("conditions").put("ready", true);
        }
        object.putArray("ports")
                .addObject()
                .put("name", "https")
                .put("port", port)
                .put("protocol", "TCP");
        return object;
    }

    private void publish(List<String> addresses) {
        write(ENDPOINTS, endpoints("kubernetes", addresses), "subsets");
        write(SLICES, slice(addresses), "endpoints");
    }

    private void write(GroupResource resource, ObjectNode wanted, String field) {
        var definition = definition(resource);
        var context = new WriteContext(SELF, "default", "", false, clock.instant(), registry);
        var present = registry.findNow(resource, "default", "kubernetes");
        if (present.isEmpty()) {
            registry.create(definition, wanted, context, made -> {});
            return;
        }
        registry.update(
                definition,
                definition.strategy(),
                "kubernetes",
                live -> {
                    var value = wanted.get(field);
                    if (value == null) {
                        live.remove(field);
                    } else {
                        live.set(field, value);
                    }
                    if (wanted.has("ports")) {
                        live.set("ports", wanted.get("ports"));
                    }
                    ObjectMeta.setResourceVersion(live, "");
                    return live;
                },
                context,
                (object, old) -> {});
    }

    private ResourceDefinition definition(GroupResource resource) {
        return resources.find(resource).orElseThrow();
    }

    /** Takes this server out of the endpoints and stops. */
    @Override
    public void close() {
        ended.countDown();
        try {
            var present = etcd.get(PREFIX + address);
            if (present.isPresent()) {
                etcd.delete(PREFIX + address, present.get().modRevision());
                publish(addresses());
            }
        } catch (StorageException | StatusException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("this server's endpoint is left to its lease");
        }
    }
}
