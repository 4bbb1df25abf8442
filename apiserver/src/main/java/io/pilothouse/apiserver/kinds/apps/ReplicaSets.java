package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ScaleMapping;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.kinds.CheckedStatus;
import io.pilothouse.apiserver.kinds.PodSelectors;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;

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
                .subresource(CheckedStatus.subresource(StatusView.FREE_METADATA, ReplicaSets::status))
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Desired",
                                "Replicas is the number of desired pods. This is a pointer to distinguish between explicit zero and"
                                        + " unspecified. Defaults to 1. More info:"
                                        + " https://kubernetes.io/docs/concepts/workloads/controllers/replicaset",
                                o -> Workloads.count(o, "spec", "replicas")),
                        Column.number(
                                "Current",
                                "Replicas is the most recently observed number of non-terminating pods. More info:"
                                        + " https://kubernetes.io/docs/concepts/workloads/controllers/replicaset",
                                o -> Workloads.count(o, "status", "replicas")),
                        Column.number(
                                "Ready",
                                "The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.",
                                o -> Workloads.count(o, "status", "readyReplicas")),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide(),
                        Column.text(
                                        "Selector",
                                        "Selector is a label query over pods that should match the replica count. Label keys and"
                                                + " values that must match in order to be controlled by this replica set. It must match"
                                                + " the pod template's labels. More info:"
                                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                                        o -> Workloads.selector(o.path("spec").path("selector")))
                                .wide())
                .build();
    }

    private static void status(Field status, JsonNode old) {
        WorkloadRules.notNegative(
                status,
                "replicas",
                "fullyLabeledReplicas",
                "readyReplicas",
                "availableReplicas",
                "observedGeneration",
                "terminatingReplicas");
        WorkloadRules.atMost(
                status,
                "replicas",
                "cannot be greater than status.replicas",
                "fullyLabeledReplicas",
                "readyReplicas",
                "availableReplicas");
        WorkloadRules.atMost(status, "readyReplicas", "cannot be greater than readyReplicas", "availableReplicas");
    }

    /** The template of a spec whose selector is checked: that of a replica set or of a deployment, which makes replica sets. */
    static void template(Field spec, PodRules rules) {
        var selector = WorkloadRules.parsed(spec.child("selector"));
        if (selector.isEmpty()) {
            spec.child("selector").invalid("invalid label selector");
            return;
        }
        var template = spec.child("template");
        if (!selector.get().isEverything()) {
            WorkloadRules.matches(template, selector.get());
        }
        WorkloadRules.runsForever(template, "ReplicaSet", rules);
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
            fill(object.withObjectProperty("spec"), "replicas", 1);
            PodDefaults.template(object);
        }

        @Override
        protected void check(Field object, PodRules rules) {
            var spec = object.child("spec");
            WorkloadRules.notNegative(spec, "replicas", "minReadySeconds");
            // Upstream says "deployment" here.
            WorkloadRules.selector(spec.child("selector"), "deployment");
            ReplicaSets.template(spec, rules);
        }

        @Override
        protected void checkUpdate(Field object, ObjectNode old) {
            object.child("spec", "selector").immutable(old.path("spec").path("selector"));
        }
    }
}
