package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.catalog.Catalog;
import io.pilothouse.apiserver.custom.DynamicResources;
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
import io.pilothouse.storage.ValueTransformer;
import io.pilothouse.storage.WatchCache;
import io.pilothouse.storage.WatchCacheConfig;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What lies between the endpoints and etcd: the connection, the cache over it, and the registry that writes. */
record Storage(
        EtcdStore etcd,
        ObjectCodec codec,
        WatchCache<StoredObject> watchCache,
        ObjectCache cache,
        ServiceReserver services,
        Registry registry)
        implements AutoCloseable {
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /** Connects and begins to fill the cache. */
    static Storage open(ApiServerOptions options, Catalog builtIn, DynamicResources resources, RandomGenerator random)
            throws IOException {
        var etcd = EtcdStore.connect(etcdConfig(options));
        var codec = new ObjectCodec(builtIn);
        var watchCache =
                WatchCache.start(etcd, WatchCacheConfig.of("/registry/"), ValueTransformer.identity(), codec::decode);
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
        var registry = new Registry(
                etcd,
                cache,
                codec,
                new WriteRules(random),
                resources,
                Map.of(new GroupResource("", "services"), services));
        return new Storage(etcd, codec, watchCache, cache, services, registry);
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
    }

    private static EtcdConfig etcdConfig(ApiServerOptions options) throws IOException {
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
    }
}
