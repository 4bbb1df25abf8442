package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 CSIStorageCapacity. */
public final class CSIStorageCapacities {
    private CSIStorageCapacities() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "storage.k8s.io", "csistoragecapacities", "csistoragecapacity", "CSIStorageCapacity")
                .version("v1", schemas)
                .returnsDeletedObject()
                .conditionalUpdate()
                .build();
    }
}
