package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.each;
import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.CheckedStatus;
import io.pilothouse.apiserver.kinds.PodSelectors;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.VolumeWarnings;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** apps/v1 StatefulSet. */
public final class StatefulSets {
    private StatefulSets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "statefulsets", "statefulset", "StatefulSet")
                .version("v1", schemas)
                .shortNames("sts")
                .categories("all")
                .names(NameRule.LABEL)
                .generation("spec")
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .subresource(CheckedStatus.subresource(StatusView.FREE_METADATA, StatefulSets::status))
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Workloads.ready(),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide())
                .build();
    }

    private static void status(Field status, JsonNode old) {
        WorkloadRules.notNegative(
                status,
                "replicas",
                "readyReplicas",
                "currentReplicas",
                "updatedReplicas",
                "availableReplicas",
                "observedGeneration",
                "collisionCount");
        WorkloadRules.atMost(
                status,
                "replicas",
                "cannot be greater than status.replicas",
                "readyReplicas",
                "currentReplicas",
                "updatedReplicas",
                "availableReplicas");
        WorkloadRules.atMost(
                status, "readyReplicas", "cannot be greater than status.readyReplicas", "availableReplicas");
        WorkloadRules.collisions(status, old);
    }

    private static final class Rules extends TemplateStrategy {
        Rules() {
            super("spec", "template");
        }

        @Override
        protected JsonNode template(JsonNode object) {
            return Workloads.template(object);
        }

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
            } else if (strategy.path("type").asText().equals("RollingUpdate")) {
                with(strategy, "rollingUpdate", rolling -> fill(rolling, "partition", 0));
            }
            var retention = spec.withObjectProperty("persistentVolumeClaimRetentionPolicy");
            fill(retention, "whenDeleted", "Retain");
            fill(retention, "whenScaled", "Retain");
            fill(spec, "replicas", 1);
            fill(spec, "revisionHistoryLimit", 10);
            each(spec, "volumeClaimTemplates", claim -> {
                claim.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
                with(claim, "spec", PodDefaults::claim);
                fill(claim.withObjectProperty("status"), "phase", "Pending");
            });
            PodDefaults.template(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            super.prepareForCreate(object, context);
            dropMaxUnavailable(object, null);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            super.prepareForUpdate(object, old, context);
            dropMaxUnavailable(object, old);
        }

        /** Its feature is off, so that only sets that have it already keep it. */
        private static void dropMaxUnavailable(ObjectNode object, @Nullable ObjectNode old) {
            if (old == null || !rolling(old).has("maxUnavailable")) {
                if (rolling(object) instanceof ObjectNode rolling) {
                    rolling.remove("maxUnavailable");
                }
            }
        }

        private static JsonNode rolling(ObjectNode object) {
            return object.path("spec").path("updateStrategy").path("rollingUpdate");
        }

        @Override
        protected void check(Field object, PodRules rules) {
            StatefulSetRules.check(object.child("spec"), rules);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            StatefulSetRules.update(
                    Field.of(object, errors).child("spec"), old.path("spec"), PodRules.template(template(old)));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var all = new ArrayList<>(super.warnings(object, old));
            int index = 0;
            for (var claim : object.path("spec").path("volumeClaimTemplates")) {
                var at = FieldPath.of("spec", "volumeClaimTemplates").index(index++);
                VolumeWarnings.claim(claim.path("spec"), old == null ? at : at.child("Spec"), all);
            }
            if (object.path("spec").path("revisionHistoryLimit").asLong() < 0) {
                all.add("spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is"
                        + " recommended");
            }
            return all;
        }

        @Override
        protected List<String> nameWarnings(ObjectNode object) {
            return List.of();
        }
    }
}
