package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authn.JsonWebToken;
import io.pilothouse.http.ClientTls;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An issuer's keys: found by OpenID Connect Discovery, again and again until it is there, and fetched anew for a token that none of the
 * known ones has signed. Safe for use by many threads.
 */
final class IssuerKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String WELL_KNOWN = "/.well-known/openid-configuration";

    private final String issuer;
    private final URI discovery;
    private final Duration retry;
    private final HttpClient http;
    private final Thread finder;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile String problem;
    private volatile String keySetUrl = "";
    private volatile WebKeys keys = WebKeys.none();

    /**
     * Begins to look for the issuer.
     *
     * @param discoveryUrl where its configuration is; empty for where it belongs
     * @param retry how long to wait after a failure
     */
    IssuerKeys(String issuer, String discoveryUrl, ClientTls tls, Duration retry) throws IOException {
        this.issuer = issuer;
        this.discovery = URI.create(
                discoveryUrl.isEmpty()
                        ? (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer) + WELL_KNOWN
                        : discoveryUrl);
        this.retry = retry;
        this.problem = "oidc: authenticator for issuer \"" + issuer + "\" is not initialized";
        this.http = HttpClient.newBuilder()
                .sslContext(tls.context())
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        this.finder = Thread.ofVirtual().name("oidc-discovery").start(this::find);
    }

    /** Why no token can be verified yet; empty where they can. */
    String problem() {
        return problem;
    }

    private void find() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                var configuration = fetch(discovery);
                if (!configuration.path("issuer").asText("").equals(issuer)) {
                    throw new IOException(
                            "oidc: issuer did not match the issuer returned by provider, expected \"" + issuer
                                    + "\" got \"" + configuration.path("issuer").asText("") + "\"");
                }
                if (configuration.path("jwks_uri").asText("").isEmpty()) {
                    throw new IOException("provider did not return JWKS URL");
                }
                keySetUrl = configuration.path("jwks_uri").asText();
                problem = "";
                return;
            } catch (IOException | IllegalArgumentException e) {
                problem = String.valueOf(e.getMessage());
                LOG.atError()
                        .addKeyValue("issuer", issuer)
                        .addKeyValue("reason", problem)
                        .log("an issuer of tokens is not there yet");
            }
            try {
                Thread.sleep(retry);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** @throws InvalidCredentialException if none of the issuer's keys has signed the token, or they cannot be had */
    void verify(JsonWebToken token) throws InvalidCredentialException {
        if (!problem.isEmpty()) {
            throw new InvalidCredentialException("oidc: authenticator not initialized");
        }
        var known = keys;
        if (!known.verify(token) && !refreshed(known).verify(token)) {
            throw new InvalidCredentialException(
                    "oidc: verify token: failed to verify signature: failed to verify id token signature");
        }
    }

    /** Those who come while another fetches take what it brought. */
    private WebKeys refreshed(WebKeys known) throws InvalidCredentialException {
        fetching.lock();
        try {
            if (keys == known) {
                keys = WebKeys.of(fetch(URI.create(keySetUrl)));
            }
            return keys;
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidCredentialException(
                    "oidc: verify token: failed to verify signature: fetching keys oidc: get keys failed: "
                            + e.getMessage(),
                    e);
        } finally {
            fetching.unlock();
        }
    }

    private JsonNode fetch(URI url) throws IOException {
        try {
            var answer = http.send(HttpRequest.newBuilder(url).timeout(TIMEOUT).build(), BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException(url + " answered " + answer.statusCode());
            }
            return Json.tree(answer.body());
        } catch (DecodeException e) {
            throw new IOException(url + " answered no JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + url + " was asked", e);
        }
    }

    @Override
    public void close() {
        finder.interrupt();
        http.shutdownNow();
    }
}
