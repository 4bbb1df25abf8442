package io.pilothouse.apiserver.kinds.batch;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;

/** batch/v1 CronJob. */
public final class CronJobs {
  private CronJobs() {}

  public static ResourceDefinition definition(Schemas schemas) {
    return ResourceDefinition.of("batch", "cronjobs", "cronjob", "CronJob")
        .version("v1", schemas)
        .shortNames("cj")
        .categories("all")
        .generation("spec")
        .status()
        .build();
  }
}
