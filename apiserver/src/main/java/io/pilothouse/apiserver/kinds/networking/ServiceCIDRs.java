package io.pilothouse.apiserver.kinds.networking;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** networking.k8s.io/v1 ServiceCIDR. */
public final class ServiceCIDRs {
    private ServiceCIDRs() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "servicecidrs", "servicecidr", "ServiceCIDR")
                .version("v1", schemas)
                .clusterScoped()
                .status()
                .build();
    }
}
