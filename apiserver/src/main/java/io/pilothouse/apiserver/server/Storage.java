package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.apiserver.encryption.EncryptionAtRest;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.PastStates;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WriteRules;
import io.pilothouse.apiserver.services.PortRange;
import io.pilothouse.apiserver.services.ServiceRanges;
import io.pilothouse.apiserver.services.ServiceReserver;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.FirstCreates;
import io.pilothouse.storage.OffsetStore;
import io.pilothouse.storage.TransformedStore;
import io.pilothouse.storage.ValueTransformer;
import io.pilothouse.storage.WatchCache;
import io.pilothouse.storage.WatchCacheConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What lies between the endpoints and etcd: the connection, the cache over it, and the registry that writes. */
record Storage(
        EtcdStore etcd,
        ObjectCodec codec,
        WatchCache<StoredObject> watchCache,
        ObjectCache cache,
        ServiceReserver services,
        Rights rights,
        Registry registry,
        FirstCreates creates,
        Optional<EncryptionAtRest> encryption)
        implements AutoCloseable {
    static final WatchCacheConfig CACHE = WatchCacheConfig.of("/registry/");
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /**
     * Begins to fill the cache.
     *
     * @param client is closed with the storage, and where it cannot be opened
     */
    static Storage open(
            ApiServerOptions options,
            EtcdStore client,
            Catalog builtIn,
            DynamicResources resources,
            Metrics metrics,
            RandomGenerator random,
            Clock clock)
            throws IOException {
        var codec = new ObjectCodec(builtIn);
        Optional<EncryptionAtRest> encryption;
        try {
            encryption = encryption(options, builtIn, clock);
        } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
        }
        var connection = new MeteredStore(client, new EtcdMetrics(metrics, key -> resourceOf(builtIn, key)));
        var watchCache = WatchCache.start(
                connection,
                CACHE,
                encryption.<ValueTransformer>map(e -> e).orElse(ValueTransformer.identity()),
                codec::decode,
                StoredObject::pack);
        var creates = new FirstCreates(connection);
        var etcd =
                encryption.<EtcdStore>map(e -> new TransformedStore(creates, e)).orElse(creates);
        var cache = new ObjectCache(watchCache, new PastStates(etcd, codec::decode));
        var services = new ServiceReserver(
                etcd,
                codec,
                resources
                        .find(new GroupResource("networking.k8s.io", "ipaddresses"))
                        .orElseThrow(),
                ServiceRanges.parse(options.serviceClusterIpRange),
                PortRange.parse(options.serviceNodePortRange),
                random);
        var rights = Rights.of(cache);
        var reservers = new HashMap<>(rights.checks(options, resources));
        reservers.put(new GroupResource("", "services"), services);
        // Of the kinds that are gone by themselves there is one: events.
        long eventSeconds = Durations.parse(options.eventTtl).toSeconds();
        var registry = new Registry(
                etcd,
                cache,
                codec,
                new WriteRules(random),
                resources,
                reservers,
                definition -> definition.ttlSeconds() == 0 ? 0 : eventSeconds);
        return new Storage(etcd, codec, watchCache, cache, services, rights, registry, creates, encryption);
    }

    /**
     * Returns when the cache holds what etcd did.
     *
     * @throws IOException when that takes too long; the connection is closed then
     */
    void awaitFilled(ApiServerOptions options) throws IOException, InterruptedException {
        if (!watchCache.awaitFilled(START_PATIENCE)) {
            etcd.close();
            throw new IOException(
                    "etcd could not be read within " + START_PATIENCE.toSeconds() + " s: " + options.etcdServers);
        }
        // Where something is, there may be servers that serve watches.
        if (cache.current().count(CACHE.prefix()) > 0) {
            creates.end();
        }
    }

    /** To be called before anybody is served. */
    void firstObjectsAreThere() {
        creates.end();
    }

    /** Has the encryption configuration read anew when it changes, if so told. */
    void followEncryption(ApiServerOptions options, FollowedFiles files) {
        if (options.encryptionReload && options.encryptionConfig != null) {
            var file = options.encryptionConfig;
            encryption.ifPresent(atRest -> files.follow("encryption configuration", List.of(file), atRest::reload));
        }
    }

    private static Optional<EncryptionAtRest> encryption(ApiServerOptions options, Catalog builtIn, Clock clock)
            throws IOException {
        return options.encryptionConfig == null
                ? Optional.empty()
                : Optional.of(EncryptionAtRest.start(
                        options.encryptionConfig,
                        options.encryptionReload,
                        key -> owner(builtIn, key),
                        Durations::parse,
                        clock));
    }

    /** Whose a key is: a built-in resource's, a custom resource's, or one that no API serves. */
    private static EncryptionAtRest.Owner owner(Catalog builtIn, String key) {
        var known = builtIn.ownerOf(key).map(ResourceDefinition::groupResource);
        if (known.isPresent()) {
            // Both groups' events lie in one place, under the core group's name.
            return known.get().resource().equals("events")
                    ? new EncryptionAtRest.Owner("", "events")
                    : new EncryptionAtRest.Owner(
                            known.get().group(), known.get().resource());
        }
        var parts = key.split("/", -1);
        if (parts.length > 3 && parts[2].indexOf('.') > 0) {
            return new EncryptionAtRest.Owner(parts[2], parts[3]);
        }
        return new EncryptionAtRest.Owner(
                "",
                switch (parts.length > 2 ? parts[2] : "") {
                    case "masterleases" -> "apiserveripinfo";
                    case "ranges" ->
                        key.endsWith("servicenodeports") ? "servicenodeportallocations" : "serviceipallocations";
                    default -> "";
                });
    }

    /** The same, as a resource. */
    static GroupResource resourceOf(Catalog builtIn, String key) {
        var owner = owner(builtIn, key);
        return new GroupResource(owner.group(), owner.resource());
    }

    /** Connects lazily. */
    static EtcdStore connect(ApiServerOptions options) throws IOException {
        return OffsetStore.over(EtcdStore.connect(etcdConfig(options)), options.etcdRevisionOffset);
    }

    static EtcdConfig etcdConfig(ApiServerOptions options) throws IOException {
        var config = EtcdConfig.of(options.etcdServers.stream().map(URI::create).toList());
        if (options.etcdCaFile == null) {
            return config;
        }
        var certificate = options.etcdCertFile;
        var key = options.etcdKeyFile;
        return config.withTls(
                certificate == null || key == null
                        ? new EtcdConfig.Tls(Pem.certificates(options.etcdCaFile), List.of(), Optional.empty())
                        : new EtcdConfig.Tls(
                                Pem.certificates(options.etcdCaFile),
                                Pem.certificates(certificate),
                                Optional.of(Pem.privateKey(key))));
    }

    @Override
    public void close() {
        watchCache.close();
        etcd.close();
        encryption.ifPresent(EncryptionAtRest::close);
    }
}
