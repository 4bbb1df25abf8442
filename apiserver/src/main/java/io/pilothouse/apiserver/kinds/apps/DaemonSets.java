package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.PodDefaults;
import io.pilothouse.apiserver.kinds.PodSelectors;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;

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
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Desired",
                                "How many nodes should run the pod.",
                                o -> o.path("status")
                                        .path("desiredNumberScheduled")
                                        .asLong()),
                        Column.number(
                                "Current",
                                "How many nodes run the pod.",
                                o -> o.path("status")
                                        .path("currentNumberScheduled")
                                        .asLong()),
                        Column.number(
                                "Ready",
                                "How many nodes run a ready pod.",
                                o -> o.path("status").path("numberReady").asLong()),
                        Column.number(
                                "Up-to-date",
                                "How many nodes run the wanted pod.",
                                o -> o.path("status")
                                        .path("updatedNumberScheduled")
                                        .asLong()),
                        Column.number(
                                "Available",
                                "How many nodes run an available pod.",
                                o -> o.path("status").path("numberAvailable").asLong()),
                        Column.text("Node Selector", "Which nodes are chosen.", Workloads::nodeSelector),
                        TableWriter.age(),
                        Column.text("Containers", "Names of each container in the template.", Workloads::containerNames)
                                .wide(),
                        Column.text("Images", "Images referenced by each container in the template.", Workloads::images)
                                .wide(),
                        Column.text("Selector", "Label selector that chooses the pods.", PodSelectors::ofScale)
                                .wide())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            var strategy = spec.withObjectProperty("updateStrategy");
            fill(strategy, "type", "RollingUpdate");
            if (strategy.path("type").asText().equals("RollingUpdate")) {
                var rolling = strategy.withObjectProperty("rollingUpdate");
                fill(rolling, "maxUnavailable", 1);
                fill(rolling, "maxSurge", 0);
            }
            fill(spec, "revisionHistoryLimit", 10);
            PodDefaults.template(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return Workloads.validateSelector(object);
        }
    }
}
