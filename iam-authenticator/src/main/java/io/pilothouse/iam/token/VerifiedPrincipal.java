package io.pilothouse.iam.token;

/**
 * Who signed a token, as STS says.
 *
 * @param userId the unique id; for an assumed role without the session name
 * @param sessionName the session of an assumed role, else empty
 */
public record VerifiedPrincipal(
        String arn, String canonicalArn, String accountId, String userId, String sessionName, String accessKeyId) {}
