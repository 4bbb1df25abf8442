package io.pilothouse.controlplane.eks;

import io.pilothouse.iam.mapping.AuthenticationMode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as it is stored: what was asked for, and how far it is. Times are epoch milliseconds.
 *
 * @param id unique, also among clusters of the same name over time
 * @param layout where its parts listen; null before they were placed
 * @param restore a restore under way, or null
 * @param revisionOffset what the masters add to etcd's revisions, so that none comes a second time after a restore
 */
public record ClusterRecord(
        String name,
        String id,
        long createdMillis,
        Status status,
        Spec spec,
        Creator creator,
        Idempotency idempotency,
        @Nullable Layout layout,
        List<Issue> issues,
        @Nullable Restore restore,
        long revisionOffset) {

    /** EKS's states of a cluster. */
    public enum Status {
        CREATING,
        ACTIVE,
        UPDATING,
        DELETING,
        FAILED
    }

    /** What the customer asked for. */
    public record Spec(
            String version,
            String roleArn,
            List<String> subnetIds,
            List<String> securityGroupIds,
            String vpcId,
            String serviceCidr,
            AuthenticationMode authenticationMode,
            boolean bootstrapAdmin,
            String supportType,
            boolean deletionProtection,
            Map<String, String> tags) {
        /** The same with other tags. */
        public Spec tagged(Map<String, String> newTags) {
            return new Spec(
                    version,
                    roleArn,
                    subnetIds,
                    securityGroupIds,
                    vpcId,
                    serviceCidr,
                    authenticationMode,
                    bootstrapAdmin,
                    supportType,
                    deletionProtection,
                    newTags);
        }

        /** The same with another way to map principals. */
        public Spec authenticated(AuthenticationMode mode) {
            return new Spec(
                    version,
                    roleArn,
                    subnetIds,
                    securityGroupIds,
                    vpcId,
                    serviceCidr,
                    mode,
                    bootstrapAdmin,
                    supportType,
                    deletionProtection,
                    tags);
        }

        /** The same, protected from deletion or not. */
        public Spec protectedFromDeletion(boolean on) {
            return new Spec(
                    version,
                    roleArn,
                    subnetIds,
                    securityGroupIds,
                    vpcId,
                    serviceCidr,
                    authenticationMode,
                    bootstrapAdmin,
                    supportType,
                    on,
                    tags);
        }
    }

    /** Who made it. */
    public record Creator(String principalArn, String principalId) {}

    /** By what a repeated request is known again. */
    public record Idempotency(String token, String requestHash) {}

    /** Where the parts listen: addresses as {@code host:port}. */
    public record Layout(List<String> masters, String endpoint, List<Member> etcd, boolean advertised) {
        /** The endpoint's URL. */
        public String url() {
            return "https://" + endpoint;
        }
    }

    /** An etcd member's ports on the loopback address. */
    public record Member(int clientPort, int peerPort) {}

    /** What hinders it. */
    public record Issue(String code, String message) {}

    /**
     * A restore from a backup.
     *
     * @param revisionOffset of the masters after it; 0 until the backup was fetched
     */
    public record Restore(String backupId, String phase, long revisionOffset) {}

    /** The same in another state. */
    public ClusterRecord in(Status next) {
        return new ClusterRecord(
                name, id, createdMillis, next, spec, creator, idempotency, layout, issues, restore, revisionOffset);
    }

    /** The same with other wishes. */
    public ClusterRecord with(Spec next) {
        return new ClusterRecord(
                name, id, createdMillis, status, next, creator, idempotency, layout, issues, restore, revisionOffset);
    }

    /** The same, placed. */
    public ClusterRecord placed(Layout next) {
        return new ClusterRecord(
                name, id, createdMillis, status, spec, creator, idempotency, next, issues, restore, revisionOffset);
    }

    /** The same with other issues. */
    public ClusterRecord hindered(List<Issue> next) {
        return new ClusterRecord(
                name, id, createdMillis, status, spec, creator, idempotency, layout, next, restore, revisionOffset);
    }

    /** The same with a restore under way. */
    public ClusterRecord restoring(Restore next) {
        return new ClusterRecord(
                name, id, createdMillis, status, spec, creator, idempotency, layout, issues, next, revisionOffset);
    }

    /** The same after its restore. */
    public ClusterRecord restored(Restore done) {
        return new ClusterRecord(
                name,
                id,
                createdMillis,
                status,
                spec,
                creator,
                idempotency,
                layout,
                issues,
                null,
                Math.max(revisionOffset, done.revisionOffset()));
    }
}
