package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.PodSelectors;

/** core/v1 ReplicationController. */
public final class ReplicationControllers {
  private ReplicationControllers() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "replicationcontrollers", "replicationcontroller", "ReplicationController")
        .version("v1", schemas)
        .shortNames("rc")
        .categories("all")
        .storedUnder("controllers")
        .returnsDeletedObject()
        .generation("spec")
        .subresource(new Subresource.Scale(new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
        .status()
        .build();
  }
}
