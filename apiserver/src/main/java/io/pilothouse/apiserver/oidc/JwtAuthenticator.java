package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.Credentials;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authn.JsonWebToken;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.cel.AdmissionProgram;
import io.pilothouse.machinery.cel.IdentityExpressions;
import io.pilothouse.machinery.gotext.GoText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verifies one issuer's ID tokens, as a valid JWTAuthenticator tells. Safe for use by many threads. */
final class JwtAuthenticator implements Authenticator, AutoCloseable {
    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final long NOT_BEFORE_LEEWAY_SECONDS = 300;

    private final String issuer;
    private final List<String> audiences;
    private final List<String> algorithms;
    private final ClaimMappings mappings;
    private final IssuerKeys keys;
    private final Clock clock;

    /** Begins to look for the issuer's keys. @throws IOException if its certificate authority cannot be used */
    JwtAuthenticator(JsonNode config, List<String> algorithms, Clock clock) throws IOException {
        var from = config.path("issuer");
        this.issuer = from.path("url").asText();
        var all = new ArrayList<String>();
        from.path("audiences").forEach(a -> all.add(a.asText()));
        this.audiences = List.copyOf(all);
        this.algorithms = List.copyOf(algorithms);
        this.mappings = new ClaimMappings(config, new IdentityExpressions(), new AdmissionProgram.Factory());
        this.clock = clock;
        String authority = from.path("certificateAuthority").asText("");
        var tls = ClientTls.trusting(
                authority.isEmpty()
                        ? List.of()
                        : Pem.certificates(authority.getBytes(StandardCharsets.UTF_8), "certificateAuthority"));
        this.keys = new IssuerKeys(issuer, from.path("discoveryURL").asText(""), tls, RETRY);
    }

    /** Why no token can be verified yet; empty where they can. */
    String problem() {
        return keys.problem();
    }

    @Override
    public Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException {
        String text = credentials.bearerToken().orElse("");
        if (text.chars().filter(c -> c == '.').count() != 2) {
            return Optional.empty();
        }
        var token = JsonWebToken.parse(text);
        if (!issuerOf(token).equals(issuer)) {
            return Optional.empty();
        }
        if (!keys.problem().isEmpty()) {
            throw new InvalidCredentialException("oidc: authenticator not initialized");
        }
        checkAudience(token.claims().path("aud"));
        checkTimes(token.claims());
        if (!algorithms.contains(token.algorithm())) {
            throw new InvalidCredentialException("oidc: verify token: oidc: id token signed with unsupported algorithm,"
                    + " expected " + GoText.quoteList(algorithms) + " got " + GoText.quote(token.algorithm()));
        }
        keys.verify(token);
        return Optional.of(mappings.user(token.claims()).withGroup(UserInfo.ALL_AUTHENTICATED));
    }

    /** One well-known issuer calls itself by an older name, too. */
    private static String issuerOf(JsonWebToken token) {
        String named = token.claims().path("iss").asText("");
        return named.equals("accounts.google.com") ? "https://accounts.google.com" : named;
    }

    private void checkAudience(JsonNode given) throws InvalidCredentialException {
        var meant = new ArrayList<String>();
        if (given.isTextual()) {
            meant.add(given.asText());
        }
        given.forEach(audience -> meant.add(audience.asText()));
        if (meant.stream().noneMatch(audiences::contains)) {
            throw new InvalidCredentialException("oidc: verify token: oidc: expected audience in "
                    + GoText.quoteList(audiences) + " got " + GoText.quoteList(meant));
        }
    }

    private void checkTimes(JsonNode claims) throws InvalidCredentialException {
        long now = clock.instant().getEpochSecond();
        long expiry = claims.path("exp").asLong(0);
        if (expiry < now) {
            throw new InvalidCredentialException(
                    "oidc: verify token: oidc: token is expired (Token Expiry: " + Instant.ofEpochSecond(expiry) + ")");
        }
        long start = claims.path("nbf").asLong(0);
        if (now + NOT_BEFORE_LEEWAY_SECONDS < start) {
            throw new InvalidCredentialException("oidc: verify token: oidc: current time " + clock.instant()
                    + " before the nbf (not before) time: " + Instant.ofEpochSecond(start));
        }
    }

    @Override
    public void close() {
        keys.close();
    }
}
