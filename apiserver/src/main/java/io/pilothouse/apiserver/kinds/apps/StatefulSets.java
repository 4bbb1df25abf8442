package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

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

/** apps/v1 StatefulSet. */
public final class StatefulSets {
    private StatefulSets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "statefulsets", "statefulset", "StatefulSet")
                .version("v1", schemas)
                .shortNames("sts")
                .categories("all")
                .generation("spec")
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .status()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text("Ready", "Number of the pod with ready state", Workloads::readyOfWanted),
                        TableWriter.age(),
                        Column.text("Containers", "Names of each container in the template.", Workloads::containerNames)
                                .wide(),
                        Column.text("Images", "Images referenced by each container in the template.", Workloads::images)
                                .wide())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            fill(spec, "podManagementPolicy", "OrderedReady");
            boolean told = spec.hasNonNull("updateStrategy")
                    && spec.path("updateStrategy").hasNonNull("type");
            var strategy = spec.withObjectProperty("updateStrategy");
            fill(strategy, "type", "RollingUpdate");
            if (!told) {
                fill(strategy.withObjectProperty("rollingUpdate"), "partition", 0);
            } else {
                with(strategy, "rollingUpdate", rolling -> fill(rolling, "partition", 0));
            }
            var retention = spec.withObjectProperty("persistentVolumeClaimRetentionPolicy");
            fill(retention, "whenDeleted", "Retain");
            fill(retention, "whenScaled", "Retain");
            fill(spec, "replicas", 1);
            fill(spec, "revisionHistoryLimit", 10);
            each(spec, "volumeClaimTemplates", claim -> with(claim, "spec", s -> fill(s, "volumeMode", "Filesystem")));
            PodDefaults.template(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return Workloads.validateSelector(object);
        }
    }
}
