package io.pilothouse.apiserver.catalog;

import io.pilothouse.apiserver.request.UserInfo;
import java.time.Instant;

/**
 * What a strategy may know of the request and of the cluster.
 *
 * @param now the time of the request, the same for all it writes
 * @param cluster what other objects say
 */
public record WriteContext(
        UserInfo user, String namespace, String subresource, boolean dryRun, Instant now, ClusterView cluster) {}
