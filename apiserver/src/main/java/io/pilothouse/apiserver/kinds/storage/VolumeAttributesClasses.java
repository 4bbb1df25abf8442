package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 VolumeAttributesClass. */
public final class VolumeAttributesClasses {
    private VolumeAttributesClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "storage.k8s.io", "volumeattributesclasses", "volumeattributesclass", "VolumeAttributesClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("vac")
                .returnsDeletedObject()
                .build();
    }
}
