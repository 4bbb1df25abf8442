package io.pilothouse.controllers.identity;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of one service account of kube-system, which is made if it is missing. A token is asked for when it is first needed and again before it
 * ends. Safe for many threads.
 */
final class AccountTokens {
    static final String NAMESPACE = "kube-system";
    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration RENEW_BEFORE = Duration.ofMinutes(10);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient issuer;
    private final String account;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String token;
    private Instant renewAt = Instant.MIN;

    /** @param issuer may make service accounts of kube-system and their tokens */
    AccountTokens(KubernetesClient issuer, String account, Clock clock) {
        this.issuer = issuer;
        this.account = account;
        this.clock = clock;
    }

    /**
     * A token that is good for some minutes at least.
     *
     * @throws KubernetesClientException if none can be had
     */
    String token() {
        lock.lock();
        try {
            if (token == null || !clock.instant().isBefore(renewAt)) {
                var made = request();
                token = made.getStatus().getToken();
                renewAt =
                        Instant.parse(made.getStatus().getExpirationTimestamp()).minus(RENEW_BEFORE);
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a token that the server refused, as after the account was made anew. */
    void refused(String old) {
        lock.lock();
        try {
            if (old.equals(token)) {
                token = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private TokenRequest request() {
        try {
            return ask();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
        try {
            issuer.resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withNamespace(NAMESPACE)
                            .withName(account)
                            .endMetadata()
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
        return ask();
    }

    private TokenRequest ask() {
        return issuer.serviceAccounts()
                .inNamespace(NAMESPACE)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(LIFETIME.toSeconds())
                        .endSpec()
                        .build());
    }
}
