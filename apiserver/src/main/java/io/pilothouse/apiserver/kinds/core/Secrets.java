package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Secret. */
public final class Secrets {
  private Secrets() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "secrets", "secret", "Secret")
        .version("v1", schemas)
        .build();
  }
}
