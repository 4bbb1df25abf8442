package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.audit.Audit;
import io.pilothouse.apiserver.audit.AuditTrail;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Forbidden;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.RequestContext;
import io.pilothouse.apiserver.endpoint.StatusWriter;
import io.pilothouse.apiserver.fairness.Limiter;
import io.pilothouse.apiserver.fairness.OverloadedException;
import io.pilothouse.apiserver.fairness.WatchCounts;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request's way through the server. The filters run in this order, each of which relies on those before it: what is
 * asked for, who asks, for whom (impersonation), whether there is room for it, whether they may, then the route.
 */
public final class ApiHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** The last filter's next: serves what was allowed. */
    @FunctionalInterface
    public interface Routes {
        void handle(ApiRequest request) throws IOException;
    }

    private final Authentication authentication;
    private final Impersonation impersonation;
    private final Limiter limiter;
    private final WatchCounts watches;
    private final Optional<Audit> audit;
    private final Authorizer authorizer;
    private final Routes routes;
    private final RequestMetrics metrics;
    private final BooleanSupplier goaways;
    private final Clock clock;

    ApiHandler(
            Authentication authentication,
            Authorizer authorizer,
            Limiter limiter,
            WatchCounts watches,
            Optional<Audit> audit,
            Routes routes,
            RequestMetrics metrics,
            BooleanSupplier goaways,
            Clock clock) {
        this.authentication = authentication;
        this.authorizer = authorizer;
        this.impersonation = new Impersonation(authorizer);
        this.limiter = limiter;
        this.watches = watches;
        this.audit = audit;
        this.routes = routes;
        this.metrics = metrics;
        this.goaways = goaways;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange given) throws IOException {
        var received = clock.instant();
        String auditId = given.headers()
                .first("audit-id")
                .filter(id -> id.length() <= 64)
                .orElseGet(() -> UUID.randomUUID().toString());
        var query = Query.parse(given.rawQuery());
        var info = RequestInfo.parse(given.method(), Paths.decode(given.rawPath()), query);
        var context = new RequestContext();
        var exchange =
                new ObservedExchange(given, context, given.protocol().equals("HTTP/2.0") && goaways.getAsBoolean());
        var request = ApiRequest.of(exchange, info, query, UserInfo.of(UserInfo.ANONYMOUS), received, auditId, context);
        try (var measured = metrics.begin(info, given.method(), isApply(given), query.first("dryRun"))) {
            serve(request);
            measured.end(exchange.status());
        }
        LOG.atDebug()
                .addKeyValue("id", auditId)
                .addKeyValue("verb", info.verb())
                .addKeyValue("resource", info.isResource() ? info.fullResource() : info.path())
                .addKeyValue("code", exchange.status())
                .addKeyValue("ms", clock.millis() - received.toEpochMilli())
                .log("request");
    }

    private static boolean isApply(Exchange exchange) {
        return exchange.method().equals("PATCH")
                && exchange.headers().first("content-type").orElse("").startsWith("application/apply-patch");
    }

    /** A request says in how much time it wants an answer: what it says must be a duration. It is not held to it yet, see docs/status.md. */
    private static void requireTimeout(Query query, RequestInfo info) {
        String timeout = query.first("timeout");
        if (timeout.isEmpty() || info.longRunning()) {
            return;
        }
        try {
            Durations.parse(timeout);
        } catch (IllegalArgumentException e) {
            throw StatusException.badRequest(
                    "invalid timeout specified in the request URL - time: invalid duration " + GoText.quote(timeout));
        }
    }

    /** The filters, in the order in which they run. */
    private void serve(ApiRequest received) throws IOException {
        UserInfo user;
        try {
            requireTimeout(received.query(), received.info());
            user = authentication.of(received.exchange(), received.info().path(), received.notes());
        } catch (StatusException e) {
            render(received, e);
            if (e.code() == 401) {
                audit.ifPresent(a -> a.unauthenticated(received));
            }
            return;
        } catch (RuntimeException e) {
            fault(received, e);
            return;
        }
        var request = received.as(user);
        Optional<AuditTrail> trail;
        try {
            trail = audit.flatMap(a -> a.begin(request));
        } catch (StatusException e) {
            render(request, e);
            return;
        }
        try {
            answer(request, trail);
        } finally {
            trail.ifPresent(t -> audit.ifPresent(a -> a.end(t)));
        }
    }

    /** The rest of the filters; whatever goes wrong in them is answered here. */
    private void answer(ApiRequest request, Optional<AuditTrail> trail) throws IOException {
        try {
            admit(request, trail);
        } catch (StatusException e) {
            render(request, e);
        } catch (StorageException e) {
            render(request, e);
        } catch (OverloadedException e) {
            refuse(request, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            render(request, StatusException.serviceUnavailable("the server is shutting down"));
        } catch (RuntimeException e) {
            fault(request, e);
        }
    }

    /** What nobody foresaw: told in the log, not to the client. */
    private static void fault(ApiRequest request, RuntimeException e) throws IOException {
        LOG.atError()
                .setCause(e)
                .addKeyValue("path", request.exchange().rawPath())
                .addKeyValue("auditID", request.auditId())
                .log("request failed");
        render(
                request,
                StatusException.internalError("an error on the server has prevented the request from succeeding"));
    }

    private void admit(ApiRequest authenticated, Optional<AuditTrail> trail)
            throws IOException, OverloadedException, InterruptedException {
        var request = impersonation.apply(authenticated);
        if (request != authenticated) {
            trail.ifPresent(t -> t.impersonated(request.user()));
        }
        var info = request.info();
        // Before it is known whether they may: who may not must not be able to keep the server busy either.
        try (var seat = limiter.admit(request.user(), info, request.query(), request.exchange()::onDisconnect)) {
            request.context().seat(seat);
            authorize(request);
            if (info.isResource() && info.verb().equals("watch")) {
                try (var _ = watches.register(info)) {
                    routes.handle(request);
                }
            } else {
                routes.handle(request);
            }
        }
    }

    private static void refuse(ApiRequest request, OverloadedException e) throws IOException {
        request.context().seat(e.seat());
        var headers = request.answerHeaders("text/plain; charset=utf-8");
        headers.set("x-content-type-options", "nosniff");
        headers.set("retry-after", Integer.toString(e.retryAfterSeconds()));
        request.exchange()
                .respond(429, headers, "Too many requests, please try again later.\n".getBytes(StandardCharsets.UTF_8));
    }

    private void authorize(ApiRequest request) {
        var attributes = Attributes.of(request.user(), request.info(), request.query());
        long start = System.nanoTime();
        var decision = authorizer.authorize(attributes);
        metrics.access().authorized(decision, start);
        boolean failed = !decision.allowed() && !decision.error().isEmpty();
        if (request.context().observed()) {
            if (!failed) {
                request.context().annotate("authorization.k8s.io/decision", decision.allowed() ? "allow" : "forbid");
            }
            request.context().annotate("authorization.k8s.io/reason", failed ? "internal error" : decision.reason());
        }
        if (failed) {
            throw StatusException.internalError(decision.error());
        }
        if (!decision.allowed()) {
            throw Forbidden.of(attributes, decision);
        }
    }

    private static void render(ApiRequest request, StorageException e) throws IOException {
        var status = StorageFailures.toStatus(e, request.info());
        if (status.code() >= 500) {
            LOG.atWarn().setCause(e).addKeyValue("path", request.info().path()).log("storage failed");
        }
        render(request, status);
    }

    /** The one place where errors become answers. */
    static void render(ApiRequest request, StatusException e) throws IOException {
        if (request.exchange().responded()) {
            return;
        }
        var headers = request.answerHeaders("");
        headers.set("x-content-type-options", "nosniff");
        e.retryAfterSeconds().ifPresent(seconds -> headers.set("retry-after", Integer.toString(seconds)));
        if (e.code() == 401) {
            headers.remove("warning");
        }
        StatusWriter.write(request, e.code(), headers, e.status());
    }

    /** Answers in plain text, where upstream's mux does. */
    static void plain(ApiRequest request, int code, String text) throws IOException {
        var headers = request.answerHeaders("text/plain; charset=utf-8");
        headers.set("x-content-type-options", "nosniff");
        request.exchange().respond(code, headers, text.getBytes(StandardCharsets.UTF_8));
    }
}
