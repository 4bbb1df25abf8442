package io.pilothouse.apiserver.kinds.networking;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** networking.k8s.io/v1 IngressClass. */
public final class IngressClasses {
    private IngressClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ingressclasses", "ingressclass", "IngressClass")
                .version("v1", schemas)
                .clusterScoped()
                .build();
    }
}
