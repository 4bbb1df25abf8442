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
import io.pilothouse.apiserver.request.TimeLimit;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
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
    private final RequestTimeouts timeouts;
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
            RequestTimeouts timeouts,
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
        this.timeouts = timeouts;
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
            context.meter(measured);
            limit(request, exchange, measured);
            measured.end(exchange.status(), exchange.sentBytes(), context.spentElsewhere());
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

    /** Serves the request within its time. */
    private void limit(ApiRequest request, ObservedExchange exchange, RequestMetrics.InFlight measured)
            throws IOException {
        TimeLimit limit;
        try {
            limit = timeouts.begin(request, exchange, measured);
        } catch (StatusException e) {
            render(request, e);
            return;
        }
        try (limit) {
            request.context().limit(limit);
            serve(request, measured);
        } finally {
            if (limit.isOver()) {
                measured.endedLate();
            }
        }
    }

    /** The filters, in the order in which they run. */
    private void serve(ApiRequest received, RequestMetrics.InFlight measured) throws IOException {
        UserInfo user;
        long start = System.nanoTime();
        try {
            user = authentication.of(received.exchange(), received.info().path(), received.notes());
        } catch (StatusException e) {
            received.context().limit().end();
            render(received, e);
            if (e.code() == 401) {
                audit.ifPresent(a -> a.unauthenticated(received));
            }
            return;
        } catch (RuntimeException e) {
            fault(received, e);
            return;
        }
        metrics.filters().authentication.since(start);
        var request = received.as(user);
        start = System.nanoTime();
        Optional<AuditTrail> trail;
        try {
            trail = audit.flatMap(a -> a.begin(request));
        } catch (StatusException e) {
            render(request, e);
            return;
        }
        metrics.filters().audit.since(start);
        try {
            answer(request, trail, measured);
        } finally {
            trail.ifPresent(t -> audit.ifPresent(a -> a.end(t)));
        }
    }

    /** The rest of the filters; whatever goes wrong in them is answered here. */
    private void answer(ApiRequest request, Optional<AuditTrail> trail, RequestMetrics.InFlight measured)
            throws IOException {
        // What follows the work, such as its entry in the audit log, is not cut short: that is why the limit ends here.
        try (var limit = request.context().limit()) {
            try {
                admit(request, trail);
            } catch (IOException | RuntimeException | OverloadedException | InterruptedException e) {
                limit.end();
                if (limit.isOver()) {
                    render(request, late());
                } else {
                    if (e instanceof OverloadedException) {
                        measured.dropped();
                    }
                    explain(request, e);
                }
            }
        }
    }

    /** Of interrupted work it does not matter what became of it. */
    private static StatusException late() {
        return StatusException.timeout(
                "request did not complete within requested timeout - context deadline exceeded", 0);
    }

    private static void explain(ApiRequest request, Exception failure) throws IOException {
        switch (failure) {
            case StatusException e -> render(request, e);
            case StorageException e -> render(request, e);
            case OverloadedException e -> refuse(request, e);
            case InterruptedException e -> {
                Thread.currentThread().interrupt();
                render(request, StatusException.serviceUnavailable("the server is shutting down"));
            }
            case RuntimeException e -> fault(request, e);
            case IOException e -> throw e;
            default -> throw new IllegalStateException("no filter throws it", failure);
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
        long start = System.nanoTime();
        var request = impersonation.apply(authenticated);
        metrics.filters().impersonation.since(start);
        if (request != authenticated) {
            trail.ifPresent(t -> t.impersonated(request.user()));
        }
        var info = request.info();
        // Before it is known whether they may: who may not must not be able to keep the server busy either.
        start = System.nanoTime();
        try (var seat = limiter.admit(request.user(), info, request.query(), request.exchange()::onDisconnect)) {
            long waited = System.nanoTime() - start;
            metrics.filters().fairness.nanos(waited);
            request.context().spentElsewhere(waited);
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
        metrics.filters().authorization.since(start);
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
