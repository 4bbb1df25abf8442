package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.pilothouse.apiserver.admission.AdmissionPlugins;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.RbacAuthorizer;
import io.pilothouse.apiserver.authz.RbacFromCluster;
import io.pilothouse.apiserver.bootstrap.Bootstrap;
import io.pilothouse.apiserver.bootstrap.Compactor;
import io.pilothouse.apiserver.bootstrap.MasterEndpoints;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.custom.DefinitionController;
import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.apiserver.discovery.DiscoveryEndpoint;
import io.pilothouse.apiserver.discovery.OpenApiEndpoint;
import io.pilothouse.apiserver.endpoint.Endpoints;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher;
import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.apiserver.kinds.apiextensions.CustomResourceDefinitions;
import io.pilothouse.apiserver.kubelet.KubeletClient;
import io.pilothouse.apiserver.kubelet.PodConnections;
import io.pilothouse.apiserver.pods.PodActions;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WriteRules;
import io.pilothouse.apiserver.reviews.Reviews;
import io.pilothouse.apiserver.services.AddressRange;
import io.pilothouse.apiserver.services.PortRange;
import io.pilothouse.apiserver.services.ServiceReserver;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.Pem;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.ValueTransformer;
import io.pilothouse.storage.WatchCache;
import io.pilothouse.storage.WatchCacheConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One API server: the composition root. Holds nothing that etcd does not. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    /**
     * What another part of the same process adds.
     *
     * @param authenticators of bearer tokens
     * @param authorizers asked last
     * @param policy roles and bindings that are kept like the bootstrap ones
     */
    public record Extensions(
            List<Authenticator> authenticators, List<Authorizer> authorizers, List<ObjectNode> policy) {}

    /** Makes the extensions of a server, which may look at what it holds. */
    @FunctionalInterface
    public interface ExtensionFactory {
        ExtensionFactory NONE = cluster -> new Extensions(List.of(), List.of(), List.of());

        Extensions create(ClusterView cluster);
    }

    private final EtcdStore etcd;
    private final WatchCache<StoredObject> watchCache;
    private final HttpServer http;
    private final AtomicBoolean draining;
    private final List<AutoCloseable> background;
    private final Duration shutdownDelay;

    private ApiServer(
            EtcdStore etcd,
            WatchCache<StoredObject> watchCache,
            HttpServer http,
            AtomicBoolean draining,
            List<AutoCloseable> background,
            Duration shutdownDelay) {
        this.shutdownDelay = shutdownDelay;
        this.background = List.copyOf(background);
        this.etcd = etcd;
        this.watchCache = watchCache;
        this.http = http;
        this.draining = draining;
    }

    /**
     * Starts a server; returns when it listens and its cache is filled.
     *
     * @throws IllegalArgumentException listing all that is wrong with the options
     * @throws IOException if a file cannot be read, etcd cannot be reached or the port is taken
     */
    public static ApiServer start(ApiServerOptions options, ExtensionFactory extensionFactory, Clock clock)
            throws IOException, InterruptedException {
        var problems = options.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        var types = BuiltInTypes.load();
        var schemas = BuiltInResources.schemas(types);
        var builtIn = BuiltInResources.catalog(schemas);
        var definitions = builtIn.find(CustomResourceDefinitions.RESOURCE).orElseThrow();
        var resources = new DynamicResources(builtIn, definitions, types);
        var etcd = EtcdStore.connect(etcdConfig(options));
        var codec = new ObjectCodec(builtIn);
        var watchCache =
                WatchCache.start(etcd, WatchCacheConfig.of("/registry/"), ValueTransformer.identity(), codec::decode);
        var cache = new ObjectCache(watchCache);
        RandomGenerator random = new SecureRandom();
        var services = new ServiceReserver(
                etcd,
                codec,
                resources
                        .find(new GroupResource("networking.k8s.io", "ipaddresses"))
                        .orElseThrow(),
                AddressRange.parse(options.serviceClusterIpRange),
                PortRange.parse(options.serviceNodePortRange),
                random);
        var registry = new Registry(
                etcd,
                cache,
                codec,
                new WriteRules(random),
                resources,
                Map.of(new GroupResource("", "services"), services));
        var extensions = extensionFactory.create(registry);
        var rbac = new RbacAuthorizer(new RbacFromCluster(cache));
        var authorizer = Security.authorizer(options, registry, rbac, extensions.authorizers());
        var tokens = Security.serviceAccountTokens(options, registry, clock);
        var tokenAuthenticators =
                Security.tokenAuthenticators(options, tokens, registry, extensions.authenticators(), clock);
        var endpoints = new Endpoints(
                registry,
                cache,
                AdmissionPlugins.chain(
                        options.enableAdmissionPlugins,
                        options.disableAdmissionPlugins,
                        options.allowPrivileged,
                        registry,
                        random),
                schemas,
                random,
                clock);
        var actions = new HashMap<>(Reviews.actions(schemas, authorizer, rbac, tokenAuthenticators, tokens, registry));
        actions.putAll(PodActions.actions(schemas, registry, resources));
        var connections = new PodConnections(registry, kubelets(options), options.kubeletPreferredAddressTypes);
        var dispatcher = new ResourceDispatcher(
                resources,
                endpoints,
                actions,
                (request, definition, version) -> connections.handle(request, definition));
        var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var draining = new AtomicBoolean();
        var address = new AtomicReference<>("");
        var routes = new ServerRoutes(
                health(etcd, watchCache, draining),
                new OpenApiEndpoint(resources, types),
                new DiscoveryEndpoint(resources, address::get),
                dispatcher,
                meters,
                tokens);
        var handler = new ApiHandler(
                Security.authenticators(options, tokens, tokenAuthenticators),
                options.anonymousAuth,
                authorizer,
                routes,
                new RequestMetrics(meters),
                clock);
        if (!watchCache.awaitFilled(START_PATIENCE)) {
            etcd.close();
            throw new IOException(
                    "etcd could not be read within " + START_PATIENCE.toSeconds() + " s: " + options.etcdServers);
        }
        resources.follow(cache, registry);
        bootstrap(options, new Bootstrap(registry, resources, clock), services, extensions);
        var tls = ServingCertificate.load(options, clock).withClientAuth(TlsConfig.ClientAuth.OPTIONAL, List.of());
        var http = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(options.bindAddress, options.securePort))
                        .withTls(tls),
                handler);
        address.set(http.address().getAddress().getHostAddress() + ":"
                + http.address().getPort());
        LOG.atInfo()
                .addKeyValue("address", address.get())
                .addKeyValue("resources", resources.definitions().size())
                .log("API server listens");
        var background = new ArrayList<AutoCloseable>();
        background.add(resources);
        background.add(DefinitionController.start(cache, registry, resources, definitions, clock));
        background.add(Compactor.start(etcd, Durations.parse(options.etcdCompactionInterval)));
        var advertised = InetAddress.getByName(
                options.advertiseAddress.isEmpty() ? options.bindAddress : options.advertiseAddress);
        if (options.endpointReconcilerType.equals("lease")
                && !advertised.isLoopbackAddress()
                && !advertised.isAnyLocalAddress()) {
            background.add(MasterEndpoints.start(
                    etcd,
                    codec,
                    registry,
                    resources,
                    clock,
                    advertised.getHostAddress(),
                    http.address().getPort()));
        }
        return new ApiServer(etcd, watchCache, http, draining, background, Durations.parse(options.shutdownDelay));
    }

    private static void bootstrap(
            ApiServerOptions options, Bootstrap bootstrap, ServiceReserver services, Extensions extensions)
            throws IOException {
        bootstrap.namespaces();
        if (options.authorizationModes.contains("RBAC")) {
            bootstrap.policy(extensions.policy());
        }
        bootstrap.kubernetesService(services.firstAddress());
        var facts = new LinkedHashMap<String, String>();
        if (options.clientCaFile != null) {
            facts.put("client-ca-file", Files.readString(options.clientCaFile));
        }
        if (options.requestHeaderClientCaFile != null) {
            facts.put("requestheader-client-ca-file", Files.readString(options.requestHeaderClientCaFile));
            facts.put("requestheader-allowed-names", jsonStrings(options.requestHeaderAllowedNames));
            facts.put("requestheader-extra-headers-prefix", jsonStrings(options.requestHeaderExtraPrefixes));
            facts.put("requestheader-group-headers", jsonStrings(options.requestHeaderGroupHeaders));
            facts.put("requestheader-username-headers", jsonStrings(options.requestHeaderUsernameHeaders));
        }
        bootstrap.authenticationFacts(facts);
    }

    private static String jsonStrings(List<String> values) {
        return Json.text(Json.valueOf(values));
    }

    private static Optional<KubeletClient> kubelets(ApiServerOptions options) throws IOException {
        var certificate = options.kubeletClientCertificate;
        var key = options.kubeletClientKey;
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        var authority = options.kubeletCertificateAuthority;
        var trust = authority == null
                ? ClientTls.trusting(List.of()).unverified()
                : ClientTls.trusting(Pem.certificates(authority));
        return Optional.of(KubeletClient.of(trust.withIdentity(Pem.certificates(certificate), Pem.privateKey(key))));
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

    private static List<HealthChecks> health(EtcdStore etcd, WatchCache<StoredObject> cache, AtomicBoolean draining) {
        HealthChecks.Check fine = () -> {};
        HealthChecks.Check etcdAnswers = etcd::linearizableRevision;
        var live = new LinkedHashMap<String, HealthChecks.Check>();
        live.put("ping", fine);
        live.put("log", fine);
        live.put("loopback-serving-certificate", fine);
        live.put("etcd", etcdAnswers);
        live.put("autoregister-completion", fine);
        var ready = new LinkedHashMap<String, HealthChecks.Check>();
        ready.put("ping", fine);
        ready.put("log", fine);
        ready.put("informer-sync", () -> require(cache.isFilled(), "the cache is not filled"));
        ready.put("autoregister-completion", fine);
        ready.put("shutdown", () -> require(!draining.get(), "the server is shutting down"));
        return List.of(
                new HealthChecks("livez", live), new HealthChecks("readyz", ready), new HealthChecks("healthz", live));
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    public InetSocketAddress address() {
        return http.address();
    }

    /** Load balancers see that the server is not ready before it takes no more requests. */
    private static void pause(Duration delay) {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that it is not ready, waits for as long as it was told to, ends requests and watches in good order, then stops. */
    @Override
    public void close() {
        draining.set(true);
        pause(shutdownDelay);
        for (var part : background) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a background task did not end in order");
            }
        }
        http.drain(DRAIN);
        http.close();
        watchCache.close();
        etcd.close();
    }
}
