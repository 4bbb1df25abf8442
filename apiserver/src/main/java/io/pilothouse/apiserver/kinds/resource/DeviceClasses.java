package io.pilothouse.apiserver.kinds.resource;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** resource.k8s.io/v1 DeviceClass. */
public final class DeviceClasses {
    private DeviceClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("resource.k8s.io", "deviceclasses", "deviceclass", "DeviceClass")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .generation("spec")
                .build();
    }
}
