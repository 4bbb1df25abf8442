package io.pilothouse.iam.token;

import java.net.URI;

/**
 * A token of the right form: a presigned GetCallerIdentity that STS has yet to judge.
 *
 * @param url the presigned URL as it was signed
 * @param accessKeyId the access key that signed it
 * @param expiresMillis when the verifier stops taking it, epoch milliseconds
 */
public record PresignedToken(URI url, String accessKeyId, long expiresMillis) {
    @Override
    public String toString() {
        return "PresignedToken[" + url.getAuthority() + ", " + accessKeyId + "]";
    }
}
