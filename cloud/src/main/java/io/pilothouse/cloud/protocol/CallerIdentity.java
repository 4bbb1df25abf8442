package io.pilothouse.cloud.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Who signed a request.
 *
 * @param arn the caller's ARN as STS GetCallerIdentity tells it
 * @param userId the unique id; {@code ROLEID:session} for an assumed role
 * @param name the user's or role's name; "root" for the account's root
 * @param sessionName the session of an assumed role, else null
 */
public record CallerIdentity(
        String accountId,
        String arn,
        String userId,
        String accessKeyId,
        PrincipalType type,
        String name,
        @Nullable String sessionName) {

    /** What kind of principal it is. */
    public enum PrincipalType {
        ROOT,
        USER,
        ASSUMED_ROLE
    }
}
