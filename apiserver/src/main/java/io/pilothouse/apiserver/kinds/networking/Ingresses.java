package io.pilothouse.apiserver.kinds.networking;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** networking.k8s.io/v1 Ingress. */
public final class Ingresses {
    private Ingresses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("networking.k8s.io", "ingresses", "ingress", "Ingress")
                .version("v1", schemas)
                .shortNames("ing")
                .storedUnder("ingress")
                .generation("spec")
                .status()
                .build();
    }
}
