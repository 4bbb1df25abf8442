package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Forbidden;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.StatusWriter;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request's way through the server. The filters run in this order, each of which relies on those before it: what is
 * asked for, who asks, for whom (impersonation), whether they may, then the route.
 */
public final class ApiHandler implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    /** The last filter's next: serves what was allowed. */
    @FunctionalInterface
    public interface Routes {
        void handle(ApiRequest request) throws IOException;
    }

    private final List<Authenticator> authenticators;
    private final boolean anonymous;
    private final Authorizer authorizer;
    private final Impersonation impersonation;
    private final Routes routes;
    private final RequestMetrics metrics;
    private final Clock clock;

    public ApiHandler(
            List<Authenticator> authenticators,
            boolean anonymous,
            Authorizer authorizer,
            Routes routes,
            RequestMetrics metrics,
            Clock clock) {
        this.authenticators = List.copyOf(authenticators);
        this.anonymous = anonymous;
        this.authorizer = authorizer;
        this.impersonation = new Impersonation(authorizer);
        this.routes = routes;
        this.metrics = metrics;
        this.clock = clock;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var received = clock.instant();
        String auditId = exchange.headers()
                .first("audit-id")
                .filter(id -> id.length() <= 64)
                .orElseGet(() -> UUID.randomUUID().toString());
        var query = Query.parse(exchange.rawQuery());
        var info = RequestInfo.parse(exchange.method(), Paths.decode(exchange.rawPath()), query);
        var request = ApiRequest.of(exchange, info, query, UserInfo.of(UserInfo.ANONYMOUS), received, auditId);
        int code = 200;
        try (var measured = metrics.begin(info)) {
            try {
                requireTimeout(query, info);
                var user = authenticate(exchange);
                request = ApiRequest.of(exchange, info, query, user, received, auditId);
                request = impersonation.apply(request);
                authorize(request);
                routes.handle(request);
            } catch (StatusException e) {
                code = e.code();
                render(request, e);
            } catch (StorageException e) {
                code = render(request, e);
            } catch (RuntimeException e) {
                code = 500;
                LOG.atError()
                        .setCause(e)
                        .addKeyValue("path", exchange.rawPath())
                        .addKeyValue("auditID", auditId)
                        .log("request failed");
                render(
                        request,
                        StatusException.internalError(
                                "an error on the server has prevented the request from succeeding"));
            }
            measured.end(code);
        }
        LOG.atDebug()
                .addKeyValue("id", auditId)
                .addKeyValue("user", request.user().name())
                .addKeyValue("verb", info.verb())
                .addKeyValue("resource", info.isResource() ? info.fullResource() : info.path())
                .addKeyValue("code", code)
                .addKeyValue("ms", clock.millis() - received.toEpochMilli())
                .log("request");
    }

    /** A request says in how much time it wants an answer; what it says must be a duration. All answers come in bounded time. */
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

    private UserInfo authenticate(Exchange exchange) {
        var credentials = credentials(exchange);
        boolean bad = false;
        for (var authenticator : authenticators) {
            try {
                var user = authenticator.authenticate(credentials);
                if (user.isPresent()) {
                    return user.get();
                }
            } catch (InvalidCredentialException e) {
                bad = true;
                LOG.atInfo()
                        .addKeyValue("reason", e.getMessage())
                        .addKeyValue("from", exchange.remoteAddress())
                        .log("a credential was refused");
            }
        }
        if (bad || credentials.bearerToken().isPresent() || !anonymous) {
            throw StatusException.unauthorized("Unauthorized");
        }
        return UserInfo.of(UserInfo.ANONYMOUS, UserInfo.ALL_UNAUTHENTICATED);
    }

    private static Credentials credentials(Exchange exchange) {
        Headers headers = exchange.headers();
        var names = new ArrayList<String>();
        headers.forEach((name, value) -> names.add(name));
        return new Credentials(bearer(headers), exchange.peerCertificates(), names, headers::all);
    }

    private static Optional<String> bearer(Headers headers) {
        var authorization = headers.first("authorization").orElse("");
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            String token = authorization.substring(7).trim();
            return token.isEmpty() ? Optional.empty() : Optional.of(token);
        }
        return WebSocketBearer.of(headers);
    }

    private void authorize(ApiRequest request) {
        var decision = authorizer.authorize(Attributes.of(request.user(), request.info()));
        if (!decision.allowed()) {
            throw Forbidden.of(Attributes.of(request.user(), request.info()), decision);
        }
    }

    private static int render(ApiRequest request, StorageException e) throws IOException {
        var status = StorageFailures.toStatus(e, request.info());
        if (status.code() >= 500) {
            LOG.atWarn().setCause(e).addKeyValue("path", request.info().path()).log("storage failed");
        }
        render(request, status);
        return status.code();
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
