package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.request.Notes;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The filter that finds out who asks. Authenticators are asked in order; who brings no credential is nobody, where nobody may ask. */
final class Authentication {
    private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);

    private final List<Authenticator> authenticators;
    private final Predicate<String> anonymousPaths;
    private final AccessMetrics metrics;

    /** @param anonymousPaths where a request without a credential is let on */
    Authentication(List<Authenticator> authenticators, Predicate<String> anonymousPaths, AccessMetrics metrics) {
        this.metrics = metrics;
        this.authenticators = List.copyOf(authenticators);
        this.anonymousPaths = anonymousPaths;
    }

    /** @throws StatusException 401 */
    UserInfo of(Exchange exchange, String path, Notes notes) {
        long start = System.nanoTime();
        var credentials = credentials(exchange, notes);
        boolean bad = false;
        for (var authenticator : authenticators) {
            try {
                var user = authenticator.authenticate(credentials);
                if (user.isPresent()) {
                    metrics.authenticated(user.get().name(), start);
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
        boolean error = bad || credentials.bearerToken().isPresent();
        if (error || !anonymousPaths.test(path)) {
            metrics.refused(error, start);
            throw StatusException.unauthorized("Unauthorized");
        }
        metrics.authenticated(UserInfo.ANONYMOUS, start);
        return UserInfo.of(UserInfo.ANONYMOUS, UserInfo.ALL_UNAUTHENTICATED);
    }

    private static Credentials credentials(Exchange exchange, Notes notes) {
        Headers headers = exchange.headers();
        var names = new ArrayList<String>();
        headers.forEach((name, value) -> names.add(name));
        return new Credentials(bearer(headers), exchange.peerCertificates(), names, headers::all, notes);
    }

    private static Optional<String> bearer(Headers headers) {
        var authorization = headers.first("authorization").orElse("");
        if (authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
            String token = authorization.substring(7).trim();
            return token.isEmpty() ? Optional.empty() : Optional.of(token);
        }
        return WebSocketBearer.of(headers);
    }
}
