package io.pilothouse.apiserver.kinds.networking;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** networking.k8s.io/v1 NetworkPolicy. */
public final class NetworkPolicies {
    private NetworkPolicies() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "networkpolicies", "networkpolicy", "NetworkPolicy")
                .version("v1", schemas)
                .shortNames("netpol")
                .generation("spec")
                .build();
    }
}
