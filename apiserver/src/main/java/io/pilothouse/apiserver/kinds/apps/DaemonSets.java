package io.pilothouse.apiserver.kinds.apps;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.CheckedStatus;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.WorkloadRules;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.kinds.pod.PodDefaults;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.kinds.pod.PodWarnings;
import io.pilothouse.apiserver.kinds.pod.SameValue;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** apps/v1 DaemonSet. */
public final class DaemonSets {
    /** Where the count of the template's generations stands in v1, which has no field for it. */
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    private DaemonSets() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apps", "daemonsets", "daemonset", "DaemonSet")
                .version("v1", schemas)
                .shortNames("ds")
                .categories("all")
                .generation("spec")
                .subresource(CheckedStatus.subresource(StatusView.FREE_METADATA, DaemonSets::status))
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        count(
                                "Desired",
                                "The total number of nodes that should be running the daemon pod (including nodes correctly running"
                                        + " the daemon pod). More info:"
                                        + " https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
                                "desiredNumberScheduled"),
                        count(
                                "Current",
                                "The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod."
                                        + " More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/",
                                "currentNumberScheduled"),
                        count(
                                "Ready",
                                "numberReady is the number of nodes that should be running the daemon pod and have one or more of the"
                                        + " daemon pod running with a Ready Condition.",
                                "numberReady"),
                        count(
                                "Up-to-date",
                                "The total number of nodes that are running updated daemon pod",
                                "updatedNumberScheduled"),
                        count(
                                "Available",
                                "The number of nodes that should be running the daemon pod and have one or more of the daemon pod"
                                        + " running and available (ready for at least spec.minReadySeconds)",
                                "numberAvailable"),
                        Column.text(
                                "Node Selector",
                                "NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match"
                                        + " a node's labels for the pod to be scheduled on that node. More info:"
                                        + " https://kubernetes.io/docs/concepts/configuration/assign-pod-node/",
                                o -> Workloads.labels(
                                        Workloads.template(o).path("spec").path("nodeSelector"))),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide(),
                        Column.text(
                                        "Selector",
                                        "A label query over pods that are managed by the daemon set. Must match in order to be"
                                                + " controlled. It must match the pod template's labels. More info:"
                                                + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors",
                                        o -> Workloads.selector(o.path("spec").path("selector")))
                                .wide())
                .build();
    }

    private static Column count(String name, String description, String field) {
        return Column.number(name, description, o -> Workloads.count(o, "status", field));
    }

    private static void status(Field status, JsonNode old) {
        WorkloadRules.notNegative(
                status,
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
                "observedGeneration",
                "updatedNumberScheduled",
                "numberAvailable",
                "numberUnavailable",
                "collisionCount");
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
            count(object, templateGeneration(object));
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
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            super.prepareForCreate(object, context);
            count(object, Math.max(1, templateGeneration(object)));
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            super.prepareForUpdate(object, old, context);
            boolean changed = !SameValue.of(template(object), template(old));
            count(object, templateGeneration(old) + (changed ? 1 : 0));
        }

        /** Upstream reads the annotation when it reads the object, and takes nothing else for one. */
        private static long templateGeneration(ObjectNode object) {
            String text = ObjectMeta.annotation(object, TEMPLATE_GENERATION).orElse("0");
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw StatusException.badRequest(
                        "DaemonSet in version \"v1\" cannot be handled as a DaemonSet: strconv.ParseInt: parsing "
                                + GoText.quote(text) + ": invalid syntax");
            }
        }

        private static void count(ObjectNode object, long generation) {
            ObjectMeta.ensure(object)
                    .withObjectProperty("annotations")
                    .put(TEMPLATE_GENERATION, Long.toString(generation));
        }

        @Override
        protected void check(Field object, PodRules rules) {
            check(object, rules, false);
        }

        private static void check(Field object, PodRules rules, boolean anyValues) {
            var spec = object.child("spec");
            var selector = spec.child("selector");
            var template = spec.child("template");
            SelectorRules.check(selector, anyValues);
            WorkloadRules.parsed(selector).ifPresent(s -> WorkloadRules.matches(template, s));
            WorkloadRules.notEmpty(selector, "daemonset");
            WorkloadRules.runsForever(template, "DaemonSet", rules);
            spec.child("minReadySeconds").notNegative();
            strategy(spec.child("updateStrategy"));
            spec.child("revisionHistoryLimit").notNegative();
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var field = Field.of(object, errors);
            var oldSelector = old.path("spec").path("selector");
            field.child("spec", "selector").immutable(oldSelector);
            var rules = PodRules.template(template(old));
            check(field, rules, rules.allowsAnyAffinityValues() || SelectorRules.hasInvalidValue(oldSelector));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            boolean changed = old == null || templateGeneration(object) != templateGeneration(old);
            return changed ? PodWarnings.ofTemplate(FieldPath.of("spec", "template"), template(object)) : List.of();
        }

        private static void strategy(Field strategy) {
            var rolling = strategy.child("rollingUpdate");
            switch (strategy.child("type").text()) {
                case "OnDelete" -> {}
                case "RollingUpdate" -> {
                    if (rolling.present()) {
                        rollingUpdate(rolling);
                    } else {
                        rolling.required("");
                    }
                }
                default ->
                    strategy.add(FieldError.notSupported(
                            strategy.path(),
                            InternalForm.of("DaemonSetUpdateStrategy", strategy.value()),
                            List.of("RollingUpdate", "OnDelete")));
            }
        }

        private static void rollingUpdate(Field rolling) {
            var unavailable = rolling.child("maxUnavailable");
            var surge = rolling.child("maxSurge");
            WorkloadRules.amount(unavailable);
            WorkloadRules.amount(surge);
            WorkloadRules.notMoreThanAll(unavailable);
            WorkloadRules.notMoreThanAll(surge);
            boolean missing = WorkloadRules.valueOf(unavailable) != 0;
            boolean more = WorkloadRules.valueOf(surge) != 0;
            if (missing && more) {
                surge.invalid("may not be set when maxUnavailable is non-zero");
            } else if (!missing && !more) {
                unavailable.required("cannot be 0 when maxSurge is 0");
            }
        }
    }
}
