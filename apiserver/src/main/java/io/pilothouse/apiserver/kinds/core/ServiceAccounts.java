package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 ServiceAccount. */
public final class ServiceAccounts {
  private ServiceAccounts() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "serviceaccounts", "serviceaccount", "ServiceAccount")
        .version("v1", schemas)
        .shortNames("sa")
        .returnsDeletedObject()
        .build();
  }
}
