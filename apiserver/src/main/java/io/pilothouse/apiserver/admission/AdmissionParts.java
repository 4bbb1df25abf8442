package io.pilothouse.apiserver.admission;

import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.ResourceIndex;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.Registry;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * What plugins are made of.
 *
 * @param authorizer answers what a user may do besides what they ask for
 * @param notReadySeconds how long pods stay by default on a node that is not ready
 * @param unreachableSeconds the same for one that cannot be reached
 */
public record AdmissionParts(
        Registry cluster,
        ObjectCache cache,
        ResourceIndex resources,
        Authorizer authorizer,
        AdmissionConfiguration configuration,
        AdmissionMetrics metrics,
        RandomGenerator random,
        Clock clock,
        long notReadySeconds,
        long unreachableSeconds) {}
