package io.pilothouse.controlplane.eks;

import java.util.List;
import java.util.Map;

/**
 * A managed node group. Its launch template, profile and Auto Scaling group carry names made from the id.
 *
 * @param id a UUID
 */
public record NodegroupRecord(
        String cluster,
        String name,
        String id,
        long createdMillis,
        long modifiedMillis,
        Status status,
        Spec spec,
        ClusterRecord.Idempotency idempotency,
        List<ClusterRecord.Issue> issues) {

    /** EKS's states of a node group. */
    public enum Status {
        CREATING,
        ACTIVE,
        UPDATING,
        DELETING,
        CREATE_FAILED,
        DELETE_FAILED,
        DEGRADED
    }

    /** What the customer asked for. */
    public record Spec(
            String nodeRole,
            List<String> subnets,
            List<String> instanceTypes,
            String amiType,
            int diskGib,
            Scaling scaling,
            Map<String, String> labels,
            List<Taint> taints,
            Map<String, String> tags,
            String version) {
        /** The same in another size. */
        public Spec scaled(Scaling next) {
            return new Spec(nodeRole, subnets, instanceTypes, amiType, diskGib, next, labels, taints, tags, version);
        }

        /** The same with other tags. */
        public Spec tagged(Map<String, String> next) {
            return new Spec(nodeRole, subnets, instanceTypes, amiType, diskGib, scaling, labels, taints, next, version);
        }
    }

    /** How many nodes. */
    public record Scaling(int min, int max, int desired) {}

    /** A taint; effect as EKS spells it, such as NO_SCHEDULE. */
    public record Taint(String key, String value, String effect) {}

    /** The name of the things it has in the customer's account. */
    public String resource() {
        return "eks-" + name + "-" + id;
    }

    /** The same in another state. */
    public NodegroupRecord in(Status next, long now) {
        return new NodegroupRecord(cluster, name, id, createdMillis, now, next, spec, idempotency, issues);
    }

    /** The same with other wishes. */
    public NodegroupRecord with(Spec next, long now) {
        return new NodegroupRecord(cluster, name, id, createdMillis, now, status, next, idempotency, issues);
    }

    /** The same with other issues. */
    public NodegroupRecord hindered(List<ClusterRecord.Issue> next) {
        return new NodegroupRecord(cluster, name, id, createdMillis, modifiedMillis, status, spec, idempotency, next);
    }
}
