package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.aggregation.AggregationProxy;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.discovery.DiscoveryEndpoint;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher;
import io.pilothouse.apiserver.fairness.FairnessDump;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.openapi.OpenApiEndpoint;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/** From a path to what serves it: health, discovery, OpenAPI, metrics, token issuer, resources. */
final class ServerRoutes implements ApiHandler.Routes {
    /** Serves a family of paths. */
    @FunctionalInterface
    interface Route {
        /** False if the path is not of this family. */
        boolean handle(ApiRequest request) throws IOException;
    }

    /** Makes the pages that tell of the server itself. */
    @FunctionalInterface
    interface Pages {
        ComponentPages make(Supplier<List<String>> paths);
    }

    private static final String FAIRNESS = "/debug/api_priority_and_fairness/";
    private static final List<String> SMALL_PATHS = List.of(
            "/.well-known/openid-configuration",
            "/flagz",
            "/metrics",
            "/metrics/slis",
            "/openapi/v2",
            "/openapi/v3",
            "/openapi/v3/",
            "/openid/v1/jwks",
            "/statusz",
            "/version");

    private final List<Route> routes;
    private final List<HealthChecks> health;
    private final DiscoveryEndpoint discovery;
    private final AggregationProxy aggregation;
    private final ResourceDispatcher dispatcher;
    private final Metrics metrics;
    private final Metrics healthMetrics;
    private final ServiceAccountTokens tokens;
    private final String jwksUri;
    private final Optional<FairnessDump> fairness;
    private final boolean resettable;

    ServerRoutes(
            List<HealthChecks> health,
            OpenApiEndpoint openApi,
            DiscoveryEndpoint discovery,
            AggregationProxy aggregation,
            ResourceDispatcher dispatcher,
            Metrics metrics,
            Metrics healthMetrics,
            Pages pages,
            ServiceAccountTokens tokens,
            String jwksUri,
            Optional<FairnessDump> fairness,
            List<Route> debugging) {
        var all = new java.util.ArrayList<Route>();
        health.forEach(h -> all.add(h::handle));
        all.add(openApi::handle);
        all.add(discovery::handle);
        all.add(this::small);
        all.add(this::fairness);
        all.addAll(debugging);
        all.add(pages.make(this::listedPaths)::handle);
        routes = List.copyOf(all);
        this.health = List.copyOf(health);
        this.discovery = discovery;
        this.aggregation = aggregation;
        this.dispatcher = dispatcher;
        this.metrics = metrics;
        this.healthMetrics = healthMetrics;
        this.tokens = tokens;
        this.jwksUri = jwksUri;
        this.fairness = fairness;
        this.resettable = !debugging.isEmpty();
    }

    @Override
    public void handle(ApiRequest request) throws IOException {
        if (request.info().path().startsWith("//")) {
            notFound(request); // authorized like the path with one slash, and routed nowhere
            return;
        }
        // Groups of other servers come first: an APIService takes precedence over what is built in.
        if (aggregation.handle(request)) {
            return;
        }
        if (request.info().isResource()) {
            if (!dispatcher.knows(request.info())) {
                notFound(request);
            } else {
                dispatcher.handle(request);
            }
            return;
        }
        for (var route : routes) {
            if (route.handle(request)) {
                request.context().routed(false);
                return;
            }
        }
        notFound(request);
    }

    private boolean small(ApiRequest request) throws IOException {
        switch (request.info().path()) {
            case "/" -> json(request, rootPaths(), "application/json", "");
            case "/version", "/version/" -> {
                if (!request.method().equals("GET")) {
                    throw Refusals.methodNotAllowed();
                }
                json(request, ServerVersion.document(), "application/json", "");
            }
            case "/metrics" -> metrics(request, metrics);
            case "/metrics/slis" -> metrics(request, healthMetrics);
            case "/.well-known/openid-configuration" ->
                json(request, openIdConfiguration(), "application/json", "public, max-age=3600");
            case "/openid/v1/jwks" -> keySet(request);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A DELETE begins the counting anew, where there is profiling. */
    private void metrics(ApiRequest request, Metrics metrics) throws IOException {
        if (resettable && request.method().equals("DELETE")) {
            metrics.reset();
            respond(request, "text/plain; charset=utf-8", "", "metrics reset\n".getBytes(StandardCharsets.UTF_8));
        } else {
            respond(
                    request,
                    "text/plain; version=0.0.4; charset=utf-8; escaping=underscores",
                    "",
                    metrics.text().getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What is asked for to see why requests wait. */
    private boolean fairness(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (fairness.isEmpty() || !path.startsWith(FAIRNESS)) {
            return false;
        }
        var dump = fairness.get();
        switch (path.substring(FAIRNESS.length())) {
            case "dump_priority_levels" -> ApiHandler.plain(request, 200, dump.levels());
            case "dump_queues" -> ApiHandler.plain(request, 200, dump.queues());
            case "dump_requests" -> ApiHandler.plain(request, 200, dump.requests());
            default -> {
                return false;
            }
        }
        return true;
    }

    /** What can be asked for, as far as it can be told: discovery leads on from there. */
    private ObjectNode rootPaths() {
        var node = JsonNodeFactory.instance.objectNode();
        listedPaths().forEach(node.putArray("paths")::add);
        return node;
    }

    private List<String> listedPaths() {
        var all = new TreeSet<>(SMALL_PATHS);
        all.addAll(discovery.paths());
        health.forEach(h -> all.addAll(h.paths()));
        return List.copyOf(all);
    }

    private ObjectNode openIdConfiguration() {
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("issuer", tokens.issuer())
                .put("jwks_uri", jwksUri.isEmpty() ? tokens.issuer() + "/openid/v1/jwks" : jwksUri);
        node.putArray("response_types_supported").add("id_token");
        node.putArray("subject_types_supported").add("public");
        var algorithms = node.putArray("id_token_signing_alg_values_supported");
        tokens.keys().algorithms().forEach(algorithms::add);
        return node;
    }

    private void keySet(ApiRequest request) throws IOException {
        String accept = String.join(",", request.exchange().headers().all("accept"));
        if (!accept.isEmpty()
                && !accept.contains("application/jwk-set+json")
                && !accept.contains("*/*")
                && !accept.contains("application/*")) {
            throw Offer.routeRefusal(List.of("application/jwk-set+json"));
        }
        json(request, tokens.keys().keySet(), "application/jwk-set+json", "public, max-age=3600");
    }

    private static void json(ApiRequest request, ObjectNode body, String type, String caching) throws IOException {
        respond(request, type, caching, Json.write(body));
    }

    private static void respond(ApiRequest request, String type, String caching, byte[] body) throws IOException {
        var headers = request.answerHeaders(type);
        if (!caching.isEmpty()) {
            headers.set("cache-control", caching);
        }
        request.exchange().respond(200, headers, body);
    }

    private static void notFound(ApiRequest request) throws IOException {
        ApiHandler.plain(request, 404, "404 page not found\n");
    }
}
