package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** core/v1 Node. */
public final class Nodes {
  private Nodes() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("", "nodes", "node", "Node")
        .version("v1", schemas)
        .clusterScoped()
        .shortNames("no")
        .storedUnder("minions")
        .status()
        .build();
  }
}
