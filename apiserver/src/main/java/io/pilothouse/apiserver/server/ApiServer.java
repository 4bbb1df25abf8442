package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionChain;
import io.pilothouse.apiserver.admission.AdmissionConfiguration;
import io.pilothouse.apiserver.admission.AdmissionMetrics;
import io.pilothouse.apiserver.admission.AdmissionParts;
import io.pilothouse.apiserver.aggregation.Aggregation;
import io.pilothouse.apiserver.audit.Audit;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.LegacyTokenUse;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.bootstrap.Bootstrap;
import io.pilothouse.apiserver.bootstrap.OwnWrites;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.custom.DynamicResources;
import io.pilothouse.apiserver.discovery.DiscoveryEndpoint;
import io.pilothouse.apiserver.endpoint.ActionAdmission;
import io.pilothouse.apiserver.endpoint.Endpoints;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher;
import io.pilothouse.apiserver.endpoint.Submissions;
import io.pilothouse.apiserver.endpoint.WatchFanOut;
import io.pilothouse.apiserver.endpoint.WatchMetrics;
import io.pilothouse.apiserver.fairness.FairnessDump;
import io.pilothouse.apiserver.kinds.apiextensions.CustomResourceDefinitions;
import io.pilothouse.apiserver.kubelet.PodConnections;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.QueueMetrics;
import io.pilothouse.apiserver.metrics.Stability;
import io.pilothouse.apiserver.oidc.JwtAuthentication;
import io.pilothouse.apiserver.openapi.OpenApiDocuments;
import io.pilothouse.apiserver.openapi.OpenApiEndpoint;
import io.pilothouse.apiserver.pods.PodActions;
import io.pilothouse.apiserver.profiling.FlagsEndpoint;
import io.pilothouse.apiserver.profiling.ProfilingEndpoint;
import io.pilothouse.apiserver.proxy.ProxyConnections;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.reviews.Reviews;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One API server: the composition root. Holds nothing that etcd does not. */
public final class ApiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
    private static final Duration LOOK_AT_FILES = Duration.ofSeconds(2);
    private static final Duration DRAIN = Duration.ofSeconds(10);

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

    private final Storage storage;
    private final WatchFanOut fanOut;
    private final HttpServer http;
    private final AtomicBoolean draining;
    private final BackgroundTasks background;
    private final RequestTimeouts timeouts;
    private final Duration shutdownDelay;
    private final Optional<Audit> audit;

    private ApiServer(
            Storage storage,
            WatchFanOut fanOut,
            HttpServer http,
            AtomicBoolean draining,
            BackgroundTasks background,
            RequestTimeouts timeouts,
            Duration shutdownDelay,
            Optional<Audit> audit) {
        this.storage = storage;
        this.fanOut = fanOut;
        this.http = http;
        this.draining = draining;
        this.background = background;
        this.timeouts = timeouts;
        this.shutdownDelay = shutdownDelay;
        this.audit = audit;
    }

    /**
     * Starts a server; returns when it listens and its cache is filled.
     *
     * @throws IllegalArgumentException listing all that is wrong with the options
     * @throws IOException if a file cannot be read, etcd cannot be reached or the port is taken
     */
    public static ApiServer start(ApiServerOptions options, ExtensionFactory extensionFactory, Clock clock)
            throws IOException, InterruptedException {
        return start(options, extensionFactory, clock, BuiltIn.ahead());
    }

    static ApiServer start(
            ApiServerOptions options, ExtensionFactory extensionFactory, Clock clock, Ahead<BuiltIn> ahead)
            throws IOException, InterruptedException {
        requireSound(options);
        var identity = Ahead.start("serving-certificate", () -> ServingCertificate.load(options, clock));
        var metrics = ofTheProcess();
        // Before the wait for what is made ahead.
        var etcd = Storage.connect(options);
        var types = ahead.get().types();
        var schemas = ahead.get().schemas();
        var builtIn = ahead.get().catalog();
        var definitions = builtIn.find(CustomResourceDefinitions.RESOURCE).orElseThrow();
        var resources = new DynamicResources(builtIn, definitions, types);
        RandomGenerator random = new SecureRandom();
        var clients = new ClientMetrics(metrics);
        var storage = Storage.open(options, etcd, builtIn, resources, metrics, random, clock);
        var registry = storage.registry();
        var extensions = extensionFactory.create(registry);
        var hooks = StartHooks.of(options);
        var draining = new AtomicBoolean();
        var address = new AtomicReference<>("");
        var writes = new OwnWrites(registry, resources, clock);
        var aggregation = new Aggregation(writes, registry, Security.proxyIdentity(options), options.aggregatorRouting);
        var access = new AccessMetrics(metrics);
        var files = new FollowedFiles();
        storage.followEncryption(options, files);
        var authorizer = Security.authorizer(
                Security.configured(options, registry, storage.rights().rbac(), access, clients, files),
                extensions.authorizers());
        storage.rights().authorizer().set(authorizer);
        var own = OwnObjects.of(writes, schemas, builtIn, aggregation);
        var bootstrap = new Bootstrap(writes);
        var objects = Ahead.start("first-objects", () -> {
            storage.awaitFilled(options);
            hooks.cacheFilled();
            resources.follow(storage.cache(), registry, clients);
            hooks.done("crd-informer-synced");
            StartupObjects.create(options, bootstrap, storage.services(), extensions, own, hooks);
            storage.firstObjectsAreThere();
            return bootstrap;
        });
        var capacity = Capacity.of(options, storage.cache(), resources, metrics);
        var audit = options.audit.open(new ProtobufObjects(resources), metrics, clients, clock);
        var timeouts = new RequestTimeouts(Durations.parse(options.requestTimeout), clock);
        aggregation.register(metrics);
        var issuers = options.oidc.open(options.serviceAccountIssuers, clock);
        var certificate = identity.get();
        var fanOut = WatchFanOut.start(storage.cache());
        var parts = new Parts(
                options,
                storage,
                fanOut,
                resources,
                types,
                schemas,
                extensions,
                issuers,
                authorizer,
                access,
                clients,
                aggregation,
                capacity,
                audit,
                timeouts,
                random,
                clock);
        var health = new HealthMetrics();
        var checks = ServerHealth.checks(
                storage,
                draining,
                hooks,
                new LogCheck(clock, System.err::flush),
                ServingCertificate.stillGood(options, certificate, clock),
                own.apiServices()::requireRegistered,
                health);
        var handler = parts.handler(metrics, checks, health.metrics(), files, address);
        hooks.handlerMade();
        var ofTheMachine = new JvmMetrics(metrics);
        var prepared = HttpServer.prepare(
                HttpServerConfig.of(new InetSocketAddress(options.bindAddress, options.securePort))
                        .withTls(identity(options, certificate)),
                handler);
        objects.get();
        StartupObjects.follow(options, bootstrap, files);
        var followers = new ArrayList<>(capacity.follow(storage.cache()));
        hooks.done("priority-and-fairness-config-consumer");
        followers.add(issuers);
        followers.add(ofTheMachine);
        followers.add(CacheMetrics.start(metrics, storage, resources, builtIn, Storage.etcdConfig(options)));
        var http = prepared.listen();
        followIdentities(options, certificate, http, aggregation, files);
        followers.add(files.start(LOOK_AT_FILES));
        hooks.done("aggregator-reload-proxy-client-cert");
        countHandshakes(http, metrics);
        address.set(http.address().getAddress().getHostAddress() + ":"
                + http.address().getPort());
        LOG.atInfo().addKeyValue("address", address.get()).log("API server listens");
        var background = BackgroundTasks.start(
                options,
                storage,
                resources,
                definitions,
                own,
                http.address(),
                followers,
                new QueueMetrics(metrics),
                hooks,
                clock);
        return new ApiServer(
                storage, fanOut, http, draining, background, timeouts, Durations.parse(options.shutdownDelay), audit);
    }

    private static void requireSound(ApiServerOptions options) {
        var problems = options.problems();
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private static Metrics ofTheProcess() {
        var metrics = new Metrics();
        ProcessMetrics.register(metrics);
        ServerVersion.register(metrics);
        return metrics;
    }

    private static void countHandshakes(HttpServer http, Metrics metrics) {
        http.countHandshakeFailures(metrics.counter(
                "apiserver_tls_handshake_errors_total",
                Stability.ALPHA,
                "Number of requests dropped with 'TLS handshake error from' error")::increment);
    }

    /** What the server shows of itself, to clients and to other servers, changes with its files. */
    private static void followIdentities(
            ApiServerOptions options,
            TlsConfig certificate,
            HttpServer http,
            Aggregation aggregation,
            FollowedFiles files) {
        files.follow(
                "the server's certificates",
                ServingCertificate.files(options),
                () -> http.reloadTls(identity(options, ServingCertificate.reread(options, certificate))));
        Security.proxyIdentityFiles(options)
                .ifPresent(pair -> files.follow(
                        "what is shown to other servers",
                        pair,
                        () -> aggregation.show(Security.proxyIdentity(options))));
    }

    private static TlsConfig identity(ApiServerOptions options, TlsConfig certificate) throws IOException {
        return options.serving.applyTo(certificate.withClientAuth(TlsConfig.ClientAuth.OPTIONAL, List.of()));
    }

    /** What a server is made of, on the way to its handler. */
    private record Parts(
            ApiServerOptions options,
            Storage storage,
            WatchFanOut fanOut,
            DynamicResources resources,
            BuiltInTypes types,
            Schemas schemas,
            Extensions extensions,
            JwtAuthentication issuers,
            Authorizer authorizer,
            AccessMetrics access,
            ClientMetrics clients,
            Aggregation aggregation,
            Capacity capacity,
            Optional<Audit> audit,
            RequestTimeouts timeouts,
            RandomGenerator random,
            Clock clock) {

        ApiHandler handler(
                Metrics metrics,
                List<HealthChecks> health,
                Metrics healthMetrics,
                FollowedFiles files,
                AtomicReference<String> address)
                throws IOException {
            var registry = storage.registry();
            var rbac = storage.rights().rbac();
            var tokens = Security.serviceAccountTokens(options, registry, clock);
            var use = new LegacyTokenUse(new OwnWrites(registry, resources, clock)::update, metrics, clock);
            var tokenAuthenticators =
                    Security.tokenAuthenticators(options, tokens, registry, use, others(), clients, clock);
            var admission = admission(authorizer, new AdmissionMetrics(metrics, clients));
            var asked = new ActionAdmission(admission, registry, authorizer);
            var actions = new HashMap<>(Reviews.actions(
                    schemas, authorizer, rbac, tokenAuthenticators, tokens, registry, new Submissions(asked, clock)));
            actions.put("/componentstatuses", new ComponentProbes(storage.etcd()));
            actions.putAll(PodActions.actions(schemas, registry, resources, asked));
            var connections = connections(asked, authorizer);
            var dispatcher = new ResourceDispatcher(
                    resources,
                    new Endpoints(
                            registry,
                            storage.cache(),
                            admission,
                            authorizer,
                            schemas,
                            fanOut,
                            new WatchMetrics(metrics),
                            Duration.ofSeconds(options.minRequestTimeoutSeconds),
                            random,
                            clock),
                    actions,
                    connections);
            var routes = new ServerRoutes(
                    health,
                    new OpenApiEndpoint(
                            new OpenApiDocuments(resources, aggregation.services(), types, clock),
                            aggregation.services(),
                            clock),
                    new DiscoveryEndpoint(resources, aggregation.services(), types, address::get),
                    aggregation.proxy(),
                    dispatcher,
                    metrics,
                    healthMetrics,
                    paths -> new ComponentPages(() -> FlagValues.of(options), paths, random, clock),
                    tokens,
                    options.serviceAccountJwksUri,
                    capacity.fairness().map(FairnessDump::new),
                    debugging());
            return new ApiHandler(
                    new Authentication(
                            Security.authenticators(options, tokens, tokenAuthenticators, files),
                            Security.anonymous(options, issuers),
                            access),
                    authorizer,
                    capacity.limiter(),
                    capacity.watches(),
                    audit,
                    routes,
                    new RequestMetrics(metrics, access, this::serves),
                    timeouts,
                    options.serving.goaways(random),
                    clock);
        }

        /** What serves those who look for what is wrong with the process. */
        private List<ServerRoutes.Route> debugging() {
            return options.serving.profiling
                    ? List.of(
                            new ProfilingEndpoint(clock)::handle,
                            new FlagsEndpoint(options.serving.verbositySetter)::handle)
                    : List.of();
        }

        /** Whether there is a resource as a request names it. */
        private boolean serves(RequestInfo info) {
            return resources
                    .find(new GroupVersion(info.group(), info.version()), info.resource())
                    .filter(d -> info.subresource().isEmpty()
                            || d.subresource(info.subresource()).isPresent())
                    .isPresent();
        }

        /** What reaches pods, services and nodes. */
        private ResourceDispatcher.Action connections(ActionAdmission asked, Authorizer authorizer) throws IOException {
            var kubelets = Security.kubelets(options);
            var types = options.kubeletPreferredAddressTypes;
            var streams = new PodConnections(storage.registry(), kubelets, types, authorizer);
            var proxies = new ProxyConnections(storage.registry(), kubelets, types, random);
            return asked.connecting((request, definition, version) -> {
                if (request.info().subresource().equals("proxy")) {
                    proxies.handle(request, definition);
                } else {
                    streams.handle(request, definition);
                }
            });
        }

        private List<Authenticator> others() {
            var others = new ArrayList<Authenticator>(List.of(issuers));
            others.addAll(extensions.authenticators());
            return others;
        }

        private AdmissionChain admission(Authorizer authorizer, AdmissionMetrics metrics) throws IOException {
            return options.admission()
                    .chain(new AdmissionParts(
                            storage.registry(),
                            storage.cache(),
                            resources,
                            authorizer,
                            AdmissionConfiguration.load(options.admissionControlConfigFile),
                            metrics,
                            random,
                            clock,
                            options.notReadyTolerationSeconds,
                            options.unreachableTolerationSeconds));
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

    /** What it has of etcd. */
    ObjectCache cache() {
        return storage.cache();
    }

    /** Says that it is not ready, waits for as long as it was told to, ends requests and watches in good order, then stops. */
    @Override
    public void close() {
        draining.set(true);
        pause(shutdownDelay);
        background.close();
        http.drain(DRAIN);
        http.close();
        fanOut.close();
        timeouts.close();
        // Not before: the last requests are audited too.
        audit.ifPresent(Audit::close);
        storage.close();
    }
}
