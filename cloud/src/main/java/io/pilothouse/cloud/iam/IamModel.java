package io.pilothouse.cloud.iam;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** The stored records of IAM. Times are epoch milliseconds. */
public final class IamModel {
    private IamModel() {}

    /** Policies of a user or role: inline documents by name, and ARNs of managed policies. */
    public record Policies(Map<String, String> inline, SortedSet<String> attached) {}

    /** An IAM user. */
    public record User(
            String name, String path, String id, long createdMillis, Map<String, String> tags, Policies policies) {}

    /**
     * An IAM role.
     *
     * @param trust the AssumeRolePolicyDocument, JSON
     */
    public record Role(
            String name,
            String path,
            String id,
            long createdMillis,
            String trust,
            String description,
            int maxSessionSeconds,
            Map<String, String> tags,
            Policies policies) {}

    /** An instance profile; at most one role, as in IAM. */
    public record InstanceProfile(
            String name, String path, String id, long createdMillis, List<String> roles, Map<String, String> tags) {}

    /** A customer managed policy. */
    public record ManagedPolicy(
            String name,
            String path,
            String id,
            long createdMillis,
            String document,
            String description,
            Map<String, String> tags) {}

    /**
     * An access key.
     *
     * @param user the owner's name, or null for the account's root
     */
    public record AccessKey(
            String id, String secret, @Nullable String user, boolean active, long createdMillis) {
        @Override
        public String toString() {
            return "AccessKey[" + id + "]";
        }
    }

    /**
     * Temporary credentials.
     *
     * @param role the assumed role's name, or null when a user or the root asked with GetSessionToken
     * @param user the user, or null
     */
    public record Session(
            String id,
            String secret,
            String token,
            long expiresMillis,
            @Nullable String role,
            @Nullable String roleId,
            @Nullable String sessionName,
            @Nullable String user) {
        @Override
        public String toString() {
            return "Session[" + id + "]";
        }
    }
}
