package io.pilothouse.apiserver.catalog;

import io.pilothouse.apiserver.request.UserInfo;
import java.time.Instant;

/**
 * What a strategy may know of the request and of the cluster.
 *
 * @param now the time of the request, the same for all it writes
 * @param cluster what other objects say
 * @param apiVersion the version of the request, as its object says it; empty for what the server writes by itself
 */
public record WriteContext(
        UserInfo user,
        String namespace,
        String subresource,
        boolean dryRun,
        Instant now,
        ClusterView cluster,
        String apiVersion) {
    /** A context of what the server writes by itself. */
    public WriteContext(
            UserInfo user, String namespace, String subresource, boolean dryRun, Instant now, ClusterView cluster) {
        this(user, namespace, subresource, dryRun, now, cluster, "");
    }
}
