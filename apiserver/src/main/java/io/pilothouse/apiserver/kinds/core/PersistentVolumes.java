package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 PersistentVolume. */
public final class PersistentVolumes {
  private PersistentVolumes() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "persistentvolumes", "persistentvolume", "PersistentVolume")
        .version("v1", schemas)
        .clusterScoped()
        .shortNames("pv")
        .returnsDeletedObject()
        .status()
        .build();
  }
}
