package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 StorageClass. */
public final class StorageClasses {
    private StorageClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "storageclasses", "storageclass", "StorageClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("sc")
                .returnsDeletedObject()
                .build();
    }
}
