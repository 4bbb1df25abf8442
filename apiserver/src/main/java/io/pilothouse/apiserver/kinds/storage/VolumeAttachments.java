package io.pilothouse.apiserver.kinds.storage;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** storage.k8s.io/v1 VolumeAttachment. */
public final class VolumeAttachments {
    private VolumeAttachments() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "volumeattachments", "volumeattachment", "VolumeAttachment")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .conditionalUpdate()
                .status()
                .build();
    }
}
