package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 PersistentVolumeClaim. */
public final class PersistentVolumeClaims {
  private PersistentVolumeClaims() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim")
        .version("v1", schemas)
        .shortNames("pvc")
        .returnsDeletedObject()
        .status()
        .build();
  }
}
