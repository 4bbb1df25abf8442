package io.pilothouse.apiserver.kinds.core;

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
import io.pilothouse.machinery.selector.LabelSelector;

/** core/v1 ReplicationController. */
public final class ReplicationControllers {
    private static final String MORE =
            " More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller";

    private ReplicationControllers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "replicationcontrollers", "replicationcontroller", "ReplicationController")
                .version("v1", schemas)
                .shortNames("rc")
                .categories("all")
                .storedUnder("controllers")
                .returnsDeletedObject()
                .orphansByDefault()
                .generation("spec")
                .subresource(new Subresource.Scale(
                        new ScaleMapping("spec.replicas", "status.replicas", PodSelectors::ofScale)))
                .subresource(CheckedStatus.subresource(StatusView.FREE_METADATA, ReplicationControllers::status))
                .strategy(new Rules())
                .selectable("status.replicas", o -> Long.toString(Workloads.count(o, "status", "replicas")))
                .columns(
                        TableWriter.name(),
                        Column.number(
                                "Desired",
                                "Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero"
                                        + " and unspecified. Defaults to 1." + MORE,
                                o -> Workloads.count(o, "spec", "replicas")),
                        Column.number(
                                "Current",
                                "Replicas is the most recently observed number of replicas." + MORE,
                                o -> Workloads.count(o, "status", "replicas")),
                        Column.number(
                                "Ready",
                                "The number of ready replicas for this replication controller.",
                                o -> Workloads.count(o, "status", "readyReplicas")),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide(),
                        Column.text(
                                        "Selector",
                                        "Selector is a label query over pods that should match the Replicas count. If Selector is"
                                                + " empty, it is defaulted to the labels present on the Pod template. Label keys and"
                                                + " values that must match in order to be controlled by this replication controller, if"
                                                + " empty defaulted to labels on Pod template. More info:"
                                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                                        o -> Workloads.labels(o.path("spec").path("selector")))
                                .wide())
                .build();
    }

    private static void status(Field status, JsonNode old) {
        WorkloadRules.notNegative(
                status, "replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration");
        WorkloadRules.atMost(
                status,
                "replicas",
                "cannot be greater than status.replicas",
                "fullyLabeledReplicas",
                "readyReplicas",
                "availableReplicas");
        WorkloadRules.atMost(status, "readyReplicas", "cannot be greater than readyReplicas", "availableReplicas");
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
            var labels = spec.path("template").path("metadata").path("labels");
            if (!labels.isEmpty()) {
                if (spec.path("selector").isEmpty()) {
                    spec.set("selector", labels.deepCopy());
                }
                if (object.path("metadata").path("labels").isEmpty()) {
                    object.withObjectProperty("metadata").set("labels", labels.deepCopy());
                }
            }
            PodDefaults.template(object);
        }

        @Override
        protected void check(Field object, PodRules rules) {
            var spec = object.child("spec");
            spec.child("minReadySeconds").notNegative();
            var selector = spec.child("selector");
            selector.mustExist();
            spec.child("replicas").notNegative();
            var template = spec.child("template");
            if (!template.present()) {
                template.required("");
                return;
            }
            if (!selector.isEmpty()) {
                WorkloadRules.matches(template, LabelSelector.of(WorkloadRules.textsOf(selector.value())));
            }
            WorkloadRules.runsForever(template, "ReplicationController", rules);
        }
    }
}
