package io.pilothouse.apiserver.kinds.node;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** node.k8s.io/v1 RuntimeClass. */
public final class RuntimeClasses {
    private RuntimeClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("node.k8s.io", "runtimeclasses", "runtimeclass", "RuntimeClass")
                .version("v1", schemas)
                .clusterScoped()
                .createOnUpdate()
                .conditionalUpdate()
                .build();
    }
}
