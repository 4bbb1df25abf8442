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

/** apps/v1 ReplicaSet. */
public final class ReplicaSets {
    private ReplicaSets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "replicasets", "replicaset", "ReplicaSet")
                .version("v1", schemas)
                .shortNames("rs")
                .categories("all")
                .generation("spec")
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .status()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Desired",
                                "How many pods are wanted.",
                                o -> o.path("spec").path("replicas").asLong()),
                        Column.number(
                                "Current",
                                "How many pods there are.",
                                o -> o.path("status").path("replicas").asLong()),
                        Column.number(
                                "Ready",
                                "How many pods are ready.",
                                o -> o.path("status").path("readyReplicas").asLong()),
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
            fill(object.withObjectProperty("spec"), "replicas", 1);
            PodDefaults.template(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return Workloads.validateSelector(object);
        }
    }
}
