package io.pilothouse.apiserver.kinds.apps;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.PodSelectors;

/** apps/v1 StatefulSet. */
public final class StatefulSets {
  private StatefulSets() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("apps", "statefulsets", "statefulset", "StatefulSet")
        .version("v1", schemas)
        .shortNames("sts")
        .categories("all")
        .generation("spec")
        .subresource(new Subresource.Scale(new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
        .status()
        .build();
  }
}
