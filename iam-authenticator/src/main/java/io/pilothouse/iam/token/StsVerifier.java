package io.pilothouse.iam.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.AuthenticationFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a token by sending its presigned request to STS, with this cluster's own id in the signed x-k8s-aws-id header: a token made for
 * another cluster fails there.
 */
public final class StsVerifier implements TokenVerifier {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int MAX_ANSWER = 64 << 10;
    private final ObjectMapper json = new ObjectMapper();
    private final String clusterId;
    private final @Nullable URI connectTo;

    /** @param connectTo where to connect instead of to the host that was signed (the Host header stays the signed one); null for that host */
    public StsVerifier(String clusterId, @Nullable URI connectTo) {
        this.clusterId = clusterId;
        this.connectTo = connectTo;
    }

    @Override
    public VerifiedPrincipal verify(PresignedToken token) throws AuthenticationFailure {
        SignedGet.Answer answer;
        try {
            answer = SignedGet.send(
                    Optional.ofNullable(connectTo).orElse(token.url()),
                    token.url(),
                    Map.of("x-k8s-aws-id", clusterId, "accept", "application/json"),
                    TIMEOUT_MILLIS,
                    MAX_ANSWER);
        } catch (IOException e) {
            throw new AuthenticationFailure(Kind.STS_ERROR, "error during GET to STS: " + e.getMessage(), e);
        }
        String body = answer.body();
        if (answer.status() != 200) {
            Kind kind = body.contains("Throttling") ? Kind.THROTTLED : Kind.STS_ERROR;
            throw new AuthenticationFailure(kind, "error from AWS (expected 200, got " + answer.status() + ")");
        }
        return read(body, token);
    }

    private VerifiedPrincipal read(String body, PresignedToken token) throws AuthenticationFailure {
        try {
            JsonNode result = json.readTree(body.getBytes(StandardCharsets.UTF_8))
                    .path("GetCallerIdentityResponse").path("GetCallerIdentityResult");
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
