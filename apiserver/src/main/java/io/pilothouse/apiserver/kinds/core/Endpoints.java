package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Endpoints. */
public final class Endpoints {
    private Endpoints() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "endpoints", "endpoints", "Endpoints")
                .version("v1", schemas)
                .shortNames("ep")
                .storedUnder("services/endpoints")
                .createOnUpdate()
                .build();
    }
}
