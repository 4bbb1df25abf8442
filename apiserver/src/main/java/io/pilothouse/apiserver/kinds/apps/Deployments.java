package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
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
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.SameValue;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.ObjectMeta;
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
                .subresource(CheckedStatus.subresource(StatusView.KEEPS_LABELS, Deployments::status))
                .resetFields("status", "spec", "metadata.labels")
                .columns(
                        TableWriter.name(),
                        Workloads.ready(),
                        count(
                                "Up-to-date",
                                "Total number of non-terminating pods targeted by this deployment that have the desired template"
                                        + " spec.",
                                "updatedReplicas"),
                        count(
                                "Available",
                                "Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by"
                                        + " this deployment.",
                                "availableReplicas"),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide(),
                        Column.text(
                                        "Selector",
                                        "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the"
                                                + " ones affected by this deployment. It must match the pod template's labels.",
                                        PodSelectors::ofScale)
                                .wide())
                .build();
    }

    /** Upstream declares these numbers as texts. */
    private static Column count(String name, String description, String field) {
        return new Column(
                name,
                "string",
                "",
                description,
                0,
                (o, now) -> JsonNodeFactory.instance.numberNode(Workloads.count(o, "status", field)));
    }

    private static void status(Field status, JsonNode old) {
        WorkloadRules.notNegative(
                status,
                "observedGeneration",
                "replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas",
                "unavailableReplicas",
                "terminatingReplicas",
                "collisionCount");
        WorkloadRules.atMost(
                status,
                "replicas",
                "cannot be greater than status.replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas");
        WorkloadRules.atMost(status, "readyReplicas", "cannot be greater than readyReplicas", "availableReplicas");
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
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            super.prepareForUpdate(object, old, context);
            // A change of annotations counts too, as the controller copies them to replica sets.
            if (!SameValue.of(
                    object.path("metadata").path("annotations"),
                    old.path("metadata").path("annotations"))) {
                ObjectMeta.setGeneration(object, ObjectMeta.generation(old) + 1);
            }
        }

        @Override
        protected void check(Field object, PodRules rules) {
            var spec = object.child("spec");
            spec.child("replicas").notNegative();
            var selector = spec.child("selector");
            WorkloadRules.selector(selector, "deployment");
            ReplicaSets.template(spec, rules);
            strategy(spec.child("strategy"));
            WorkloadRules.notNegative(spec, "minReadySeconds", "revisionHistoryLimit");
            var deadline = spec.child("progressDeadlineSeconds");
            if (deadline.present()) {
                deadline.notNegative();
                if (deadline.number() <= spec.child("minReadySeconds").number()) {
                    deadline.invalid("must be greater than minReadySeconds");
                }
            }
        }

        private static void strategy(Field strategy) {
            var rolling = strategy.child("rollingUpdate");
            switch (strategy.child("type").text()) {
                case "Recreate" -> {
                    if (rolling.present()) {
                        rolling.forbidden("may not be specified when strategy `type` is 'Recreate'");
                    }
                }
                case "RollingUpdate" -> {
                    if (rolling.present()) {
                        rollingUpdate(rolling);
                    } else {
                        rolling.required("this should be defaulted and never be nil");
                    }
                }
                default ->
                    strategy.add(FieldError.notSupported(
                            strategy.path(),
                            InternalForm.of("DeploymentStrategy", strategy.value()),
                            List.of("Recreate", "RollingUpdate")));
            }
        }

        private static void rollingUpdate(Field rolling) {
            var unavailable = rolling.child("maxUnavailable");
            var surge = rolling.child("maxSurge");
            WorkloadRules.amount(unavailable);
            WorkloadRules.amount(surge);
            if (WorkloadRules.valueOf(unavailable) == 0 && WorkloadRules.valueOf(surge) == 0) {
                unavailable.invalid("may not be 0 when `maxSurge` is 0");
            }
            WorkloadRules.notMoreThanAll(unavailable);
        }

        @Override
        protected void checkUpdate(Field object, ObjectNode old) {
            object.child("spec", "selector").immutable(old.path("spec").path("selector"));
        }
    }
}
