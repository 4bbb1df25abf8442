package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.CallerIdentity;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the secrets behind access keys are. */
@FunctionalInterface
public interface CredentialSource {
    /** The credential of an active access key; an expired session's is returned, its expiry tells. */
    Optional<Credential> find(String accessKeyId);

    /**
     * A secret and whose it is.
     *
     * @param sessionToken the token that must come with a temporary key, else null
     * @param expiresMillis when a temporary key ends; {@link Long#MAX_VALUE} for a lasting one
     */
    record Credential(String secret, @Nullable String sessionToken, long expiresMillis, CallerIdentity identity) {
        @Override
        public String toString() {
            return "Credential[" + identity.accessKeyId() + "]";
        }
    }
}
