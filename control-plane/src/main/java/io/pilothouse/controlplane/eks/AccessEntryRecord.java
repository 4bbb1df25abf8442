package io.pilothouse.controlplane.eks;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An access entry of a cluster.
 *
 * @param principalId the principal's unique id when the entry was made, or null when it was not known
 * @param internal made by EKS itself and not shown by the API: the creator's and the node groups' where the cluster maps by aws-auth only
 */
public record AccessEntryRecord(
        String cluster,
        String id,
        String principalArn,
        @Nullable String principalId,
        String type,
        String username,
        List<String> groups,
        List<Policy> policies,
        Map<String, String> tags,
        long createdMillis,
        long modifiedMillis,
        boolean internal) {

    /** An associated policy; scope type is cluster or namespace. */
    public record Policy(
            String arn, String scope, List<String> namespaces, long associatedMillis, long modifiedMillis) {}

    /** The same with other policies. */
    public AccessEntryRecord with(List<Policy> next, long now) {
        return new AccessEntryRecord(
                cluster,
                id,
                principalArn,
                principalId,
                type,
                username,
                groups,
                next,
                tags,
                createdMillis,
                now,
                internal);
    }

    /** The same with another name and groups. */
    public AccessEntryRecord mapped(String newUsername, List<String> newGroups, long now) {
        return new AccessEntryRecord(
                cluster,
                id,
                principalArn,
                principalId,
                type,
                newUsername,
                newGroups,
                policies,
                tags,
                createdMillis,
                now,
                internal);
    }

    /** The same with other tags. */
    public AccessEntryRecord tagged(Map<String, String> next) {
        return new AccessEntryRecord(
                cluster,
                id,
                principalArn,
                principalId,
                type,
                username,
                groups,
                policies,
                next,
                createdMillis,
                modifiedMillis,
                internal);
    }

    /** The same, shown by the API. */
    public AccessEntryRecord shown() {
        return new AccessEntryRecord(
                cluster,
                id,
                principalArn,
                principalId,
                type,
                username,
                groups,
                policies,
                tags,
                createdMillis,
                modifiedMillis,
                false);
    }
}
