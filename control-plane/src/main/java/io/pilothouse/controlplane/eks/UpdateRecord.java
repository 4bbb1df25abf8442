package io.pilothouse.controlplane.eks;

import java.util.List;
import java.util.Map;

/**
 * A change that was asked for, of a cluster or of one of its node groups.
 *
 * @param nodegroup empty for the cluster's own
 * @param status InProgress, Successful, Failed or Cancelled
 */
public record UpdateRecord(
        String cluster,
        String nodegroup,
        String id,
        String type,
        String status,
        Map<String, String> params,
        List<ClusterRecord.Issue> errors,
        ClusterRecord.Idempotency idempotency,
        long createdMillis) {
    /** The same with its end. */
    public UpdateRecord ended(String newStatus, List<ClusterRecord.Issue> newErrors) {
        return new UpdateRecord(cluster, nodegroup, id, type, newStatus, params, newErrors, idempotency, createdMillis);
    }
}
