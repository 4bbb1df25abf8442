package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 PodTemplate. */
public final class PodTemplates {
    private PodTemplates() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "podtemplates", "podtemplate", "PodTemplate")
                .version("v1", schemas)
                .returnsDeletedObject()
                .build();
    }
}
