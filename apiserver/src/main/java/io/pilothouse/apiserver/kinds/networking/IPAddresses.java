package io.pilothouse.apiserver.kinds.networking;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** networking.k8s.io/v1 IPAddress. */
public final class IPAddresses {
    private IPAddresses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ipaddresses", "ipaddress", "IPAddress")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("ip")
                .returnsDeletedObject()
                .build();
    }
}
