package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.PodDefaults;
import io.pilothouse.apiserver.kinds.PodSelectors;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;

/** apps/v1 Deployment. */
public final class Deployments {
    private Deployments() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "deployments", "deployment", "Deployment")
                .version("v1", schemas)
                .shortNames("deploy")
                .categories("all")
                .generation("spec")
                .strategy(new Rules())
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .status()
                .columns(
                        TableWriter.name(),
                        Column.text("Ready", "Number of the pod with ready state", Workloads::readyOfWanted),
                        Column.number(
                                "Up-to-date",
                                "Number of pods that have the wanted template.",
                                o -> o.path("status").path("updatedReplicas").asLong()),
                        Column.number(
                                "Available",
                                "Number of pods that have been ready long enough.",
                                o -> o.path("status").path("availableReplicas").asLong()),
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
            fill(spec, "replicas", 1);
            var strategy = spec.withObjectProperty("strategy");
            fill(strategy, "type", "RollingUpdate");
            if (strategy.path("type").asText().equals("RollingUpdate")) {
                var rolling = strategy.withObjectProperty("rollingUpdate");
                fill(rolling, "maxUnavailable", "25%");
                fill(rolling, "maxSurge", "25%");
            }
            fill(spec, "revisionHistoryLimit", 10);
            fill(spec, "progressDeadlineSeconds", 600);
            PodDefaults.template(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return Workloads.validateSelector(object);
        }
    }
}
