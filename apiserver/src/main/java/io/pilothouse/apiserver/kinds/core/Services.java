package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Service. */
public final class Services {
  private Services() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "services", "service", "Service")
        .version("v1", schemas)
        .shortNames("svc")
        .categories("all")
        .storedUnder("services/specs")
        .returnsDeletedObject()
        .createOnUpdate()
        .status()
        .build();
  }
}
