package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 ResourceQuota. */
public final class ResourceQuotas {
    private ResourceQuotas() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "resourcequotas", "resourcequota", "ResourceQuota")
                .version("v1", schemas)
                .shortNames("quota")
                .returnsDeletedObject()
                .status()
                .build();
    }
}
