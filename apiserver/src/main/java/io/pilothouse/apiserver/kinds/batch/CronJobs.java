package io.pilothouse.apiserver.kinds.batch;

import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;

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
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            fill(spec, "concurrencyPolicy", "Allow");
            fill(spec, "suspend", false);
            fill(spec, "successfulJobsHistoryLimit", 3);
            fill(spec, "failedJobsHistoryLimit", 1);
            with(spec, "jobTemplate", template -> with(template, "spec", JobDefaults::template));
        }
    }
}
