package io.pilothouse.apiserver.kinds.batch;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** batch/v1 Job. */
public final class Jobs {
  private Jobs() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("batch", "jobs", "job", "Job")
        .version("v1", schemas)
        .categories("all")
        .generation("spec")
        .orphansByDefault()
        .status()
        .build();
  }
}
