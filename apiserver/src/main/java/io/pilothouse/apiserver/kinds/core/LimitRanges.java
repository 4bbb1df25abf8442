package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 LimitRange. */
public final class LimitRanges {
    private LimitRanges() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "limitranges", "limitrange", "LimitRange")
                .version("v1", schemas)
                .shortNames("limits")
                .createOnUpdate()
                .build();
    }
}
