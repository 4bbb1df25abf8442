package io.pilothouse.apiserver.kinds.apps;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** apps/v1 ControllerRevision. */
public final class ControllerRevisions {
    private ControllerRevisions() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "controllerrevisions", "controllerrevision", "ControllerRevision")
                .version("v1", schemas)
                .build();
    }
}
