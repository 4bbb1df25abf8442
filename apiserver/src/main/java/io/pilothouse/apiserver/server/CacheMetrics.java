package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdMaintenance;
import io.pilothouse.storage.StorageException;
import io.pilothouse.storage.WatchCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is stored and what changes, under upstream's names. There is one cache for all resources, where upstream has one for each: its revision and
 * its bounds are told of each resource. A thread counts the changes as they come by, so that nobody else has to.
 */
final class CacheMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CacheMetrics.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final List<String> RESOURCE = List.of("group", "resource");
    /** Upstream tells the last fifteen digits. */
    private static final long DIGITS = 1_000_000_000_000_000L;

    private record Changes(Counter received, Counter dispatched) {}

    private final ObjectCache cache;
    private final WatchCache<StoredObject> changed;
    private final EtcdMaintenance etcd;
    private final ResourceIndex resources;
    private final Function<String, GroupResource> owner;
    private final Family.Of<Counter> received;
    private final Family.Of<Counter> dispatched;
    private final Map<GroupResource, Changes> changes = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private CacheMetrics(
            Metrics metrics,
            ObjectCache cache,
            WatchCache<StoredObject> changed,
            ResourceIndex resources,
            Function<String, GroupResource> owner,
            EtcdMaintenance etcd,
            int eventsKept) {
        this.cache = cache;
        this.changed = changed;
        this.etcd = etcd;
        this.resources = resources;
        this.owner = owner;
        received = metrics.counters(
                "apiserver_watch_cache_events_received_total",
                Stability.ALPHA,
                "Counter of events received in watch cache broken by resource type.",
                "group",
                "resource");
        dispatched = metrics.counters(
                "apiserver_watch_cache_events_dispatched_total",
                Stability.ALPHA,
                "Counter of events dispatched in watch cache broken by resource type.",
                "group",
                "resource");
        ofEach(
                metrics,
                "apiserver_watch_cache_resource_version",
                "Current resource version of watch cache broken by resource type. This is truncated to the 15 least significant digits.",
                definition -> cache.current().revision() % DIGITS);
        ofEach(metrics, "watch_cache_capacity", "Total capacity of watch cache broken by resource type.", definition ->
                (long) eventsKept);
        ofEach(
                metrics,
                "apiserver_resource_objects",
                "Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
                this::count);
        metrics.computed(
                "gauge",
                "apiserver_storage_objects",
                Stability.STABLE,
                "(Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.",
                List.of("resource"),
                told -> stored().forEach(d ->
                        told.value((double) count(d), d.groupResource().toString())));
        metrics.computed(
                "gauge",
                "apiserver_storage_size_bytes",
                Stability.STABLE,
                "Size of the storage database file physically allocated in bytes.",
                List.of("storage_cluster_id"),
                told -> size(etcd, told));
    }

    private void ofEach(Metrics metrics, String name, String help, Function<ResourceDefinition, Long> value) {
        metrics.computed(
                "gauge",
                name,
                Stability.ALPHA,
                help,
                RESOURCE,
                told -> stored().forEach(d -> told.value(
                        (double) value.apply(d),
                        d.groupResource().group(),
                        d.groupResource().resource())));
    }

    private List<ResourceDefinition> stored() {
        return resources.definitions().stream()
                .filter(ResourceDefinition::stored)
                .toList();
    }

    private long count(ResourceDefinition definition) {
        return cache.current().count(definition.storagePrefix());
    }

    private static void size(EtcdMaintenance etcd, Family.Computed.Teller told) {
        try {
            told.value((double) etcd.status().databaseBytes(), "etcd-0");
        } catch (StorageException e) {
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("etcd's size is not known");
        }
    }

    /** Begins to count; the cache must be filled. */
    static CacheMetrics start(
            Metrics metrics, Storage storage, ResourceIndex resources, Catalog builtIn, EtcdConfig etcd) {
        var counting = new CacheMetrics(
                metrics,
                storage.cache(),
                storage.watchCache(),
                resources,
                key -> Storage.resourceOf(builtIn, key),
                new EtcdMaintenance(etcd),
                Storage.CACHE.eventsPerGroup());
        Thread.ofVirtual().name("cache-metrics").start(counting::follow);
        return counting;
    }

    private void follow() {
        while (!closed) {
            try (var events = changed.watch("/registry/", changed.currentRevision())) {
                while (!closed && events.ended().isEmpty()) {
                    // By their keys: nobody has to read the values for that.
                    events.take(PATIENCE).forEach(change -> count(change.key()));
                }
            } catch (InterruptedException e) {
                return;
            } catch (StorageException e) {
                LOG.atInfo().addKeyValue("reason", e.getMessage()).log("changes are not counted for a moment");
            }
        }
    }

    private void count(String key) {
        var one = changes.computeIfAbsent(
                owner.apply(key),
                r -> new Changes(received.of(r.group(), r.resource()), dispatched.of(r.group(), r.resource())));
        one.received().increment();
        one.dispatched().increment();
    }

    @Override
    public void close() {
        closed = true;
        etcd.close();
    }
}
