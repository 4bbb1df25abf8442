package io.pilothouse.apiserver.kinds.apps;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.PodSelectors;

/** apps/v1 ReplicaSet. */
public final class ReplicaSets {
  private ReplicaSets() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("apps", "replicasets", "replicaset", "ReplicaSet")
        .version("v1", schemas)
        .shortNames("rs")
        .categories("all")
        .generation("spec")
        .subresource(new Subresource.Scale(new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
        .status()
        .build();
  }
}
