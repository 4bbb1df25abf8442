package io.pilothouse.apiserver.kinds.apps;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** apps/v1 DaemonSet. */
public final class DaemonSets {
  private DaemonSets() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("apps", "daemonsets", "daemonset", "DaemonSet")
        .version("v1", schemas)
        .shortNames("ds")
        .categories("all")
        .generation("spec")
        .status()
        .build();
  }
}
