package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Pod. */
public final class Pods {
  private Pods() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "pods", "pod", "Pod")
        .version("v1", schemas)
        .shortNames("po")
        .categories("all")
        .returnsDeletedObject()
        .generation("spec")
        .status()
        .build();
  }
}
