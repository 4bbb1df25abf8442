package io.pilothouse.iam.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.AuthenticationFailure.Kind;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a token by sending its presigned request to STS, with this cluster's own id in the signed x-k8s-aws-id header: a token made for
 * another cluster fails there.
 */
public final class StsVerifier implements TokenVerifier {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MAX_ANSWER = 64 << 10;
    private static final Duration PAUSE = Duration.ofMillis(200);
    private final ObjectMapper json = new ObjectMapper();
    private final String clusterId;
    private final @Nullable URI connectTo;
    private final Duration patience;

    /**
     * Waits up to ten seconds for an STS that refuses connections.
     *
     * @param connectTo where to connect instead of to the host that was signed (the Host header stays the signed one); null for that host
     */
    public StsVerifier(String clusterId, @Nullable URI connectTo) {
        this(clusterId, connectTo, Duration.ofSeconds(10));
    }

    StsVerifier(String clusterId, @Nullable URI connectTo, Duration patience) {
        this.clusterId = clusterId;
        this.connectTo = connectTo;
        this.patience = patience;
    }

    @Override
    public VerifiedPrincipal verify(PresignedToken token) throws AuthenticationFailure {
        SignedGet.Answer answer = ask(token);
        String body = answer.body();
        if (answer.status() != 200) {
            Kind kind = body.contains("Throttling") ? Kind.THROTTLED : Kind.STS_ERROR;
            throw new AuthenticationFailure(kind, "error from AWS (expected 200, got " + answer.status() + ")");
        }
        return read(body, token);
    }

    /** STS may be starting again: as long as nothing listens there, the question is repeated, which changes nothing at STS. */
    private SignedGet.Answer ask(PresignedToken token) throws AuthenticationFailure {
        long giveUp = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return SignedGet.send(
                        Optional.ofNullable(connectTo).orElse(token.url()),
                        token.url(),
                        Map.of("x-k8s-aws-id", clusterId, "accept", "application/json"),
                        TIMEOUT_MILLIS,
                        MAX_ANSWER);
            } catch (ConnectException refused) {
                if (System.nanoTime() > giveUp || Thread.currentThread().isInterrupted()) {
                    throw new AuthenticationFailure(
                            Kind.STS_ERROR, "STS cannot be reached: " + refused.getMessage(), refused);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (IOException e) {
                throw new AuthenticationFailure(Kind.STS_ERROR, "error during GET to STS: " + e.getMessage(), e);
            }
        }
    }

    private VerifiedPrincipal read(String body, PresignedToken token) throws AuthenticationFailure {
        try {
            JsonNode result = json.readTree(body.getBytes(StandardCharsets.UTF_8))
                    .path("GetCallerIdentityResponse")
                    .path("GetCallerIdentityResult");
            String arn = result.path("Arn").asText();
            String canonical = CanonicalArn.of(arn);
            String userId = result.path("UserId").asText();
            int colon = userId.indexOf(':');
            boolean session = colon >= 0;
            return new VerifiedPrincipal(
                    arn,
                    canonical,
                    result.path("Account").asText(),
                    session ? userId.substring(0, colon) : userId,
                    session ? userId.substring(colon + 1) : "",
                    token.accessKeyId());
        } catch (IOException | IllegalArgumentException e) {
            throw new AuthenticationFailure(Kind.STS_ERROR, "unusable answer from STS: " + e.getMessage(), e);
        }
    }
}
