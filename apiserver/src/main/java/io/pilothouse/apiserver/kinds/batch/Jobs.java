package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.TemplateStrategy;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.kinds.pod.PodRules;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.SelectorRules;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** batch/v1 Job. */
public final class Jobs {
    static final String SELECTOR_TEXT =
            "A label query over pods that should match the pod count. Normally, the system sets this field for you. More info:"
                    + " https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors";
    private static final int MANY_COMPLETIONS = 100_000;
    private static final int MANY_PARALLEL = 10_000;

    private Jobs() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("batch", "jobs", "job", "Job")
                .version("v1", schemas)
                .categories("all")
                .generation("spec")
                .orphansByDefault()
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .strategy(new Rules())
                .refusedSelector(field -> "field label " + GoText.quote(field) + " not supported for Job")
                .selectable("status.successful", o -> Long.toString(Workloads.count(o, "status", "succeeded")))
                .columns(
                        TableWriter.name(),
                        Column.text("Status", "Status of the job.", JobColumns::status),
                        Column.text(
                                "Completions",
                                "The number of pods which reached phase Succeeded. The value increases monotonically for a given spec."
                                        + " However, it may decrease in reaction to scale down of elastic indexed jobs.",
                                JobColumns::completions),
                        Column.aging("Duration", "Time required to complete the job.", JobColumns::duration),
                        TableWriter.age(),
                        Workloads.containers(Workloads::template).wide(),
                        Workloads.images(Workloads::template).wide(),
                        Column.text(
                                        "Selector",
                                        SELECTOR_TEXT,
                                        o -> Workloads.selector(o.path("spec").path("selector")))
                                .wide())
                .build();
    }

    /** What is to be said of a job with very many indexes. */
    static List<String> sizeWarnings(String path, JsonNode spec) {
        boolean large = spec.path("completionMode").asText("").equals(JobSpecRules.INDEXED)
                && spec.path("completions").asLong() > MANY_COMPLETIONS
                && spec.path("parallelism").asLong() > MANY_PARALLEL;
        return large
                ? List.of(path
                        + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4,"
                        + " Kubernetes might not be able to track completedIndexes when a big number of indexes fail")
                : List.of();
    }

    private static final class Status implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return JobStatusRules.check(object, old);
        }
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
            JobDefaults.job(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            var spec = object.withObjectProperty("spec");
            if (!spec.path("manualSelector").asBoolean()) {
                generateSelector(object, spec);
            }
            sortLabels(object);
            super.prepareForCreate(object, context);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            sortLabels(object);
            super.prepareForUpdate(object, old, context);
        }

        /** Refusals show maps, and upstream shows them sorted. */
        private static void sortLabels(ObjectNode job) {
            sort(job.path("spec").path("selector").path("matchLabels"));
            sort(Workloads.template(job).path("metadata").path("labels"));
        }

        private static void sort(JsonNode map) {
            if (map instanceof ObjectNode object) {
                var sorted = new TreeMap<String, JsonNode>();
                object.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
                object.removeAll();
                object.setAll(sorted);
            }
        }

        /** The pods carry the job's name and uid, and the uid chooses them. What the client set is kept, to be refused. */
        private static void generateSelector(ObjectNode job, ObjectNode spec) {
            String uid = ObjectMeta.uid(job);
            var labels = spec.withObjectProperty("template")
                    .withObjectProperty("metadata")
                    .withObjectProperty("labels");
            // Labels that the job took from its template are upstream's same map.
            var own = ObjectMeta.ensure(job);
            boolean shared = own.path("labels").isEmpty() || own.path("labels").equals(labels);
            for (String prefix : List.of("", JobRules.PREFIX)) {
                putIfAbsent(labels, prefix + JobRules.JOB_NAME, ObjectMeta.name(job));
                putIfAbsent(labels, prefix + JobRules.CONTROLLER_UID, uid);
            }
            if (shared) {
                own.set("labels", labels.deepCopy());
            }
            putIfAbsent(
                    spec.withObjectProperty("selector").withObjectProperty("matchLabels"),
                    JobRules.PREFIX + JobRules.CONTROLLER_UID,
                    uid);
        }

        private static void putIfAbsent(ObjectNode map, String key, String value) {
            if (!map.has(key)) {
                map.put(key, value);
            }
        }

        @Override
        protected void check(Field object, PodRules rules) {
            JobRules.check(object, rules, true, false);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var field = Field.of(object, errors);
            var rules = PodRules.template(template(old));
            boolean anyValues = rules.allowsAnyAffinityValues()
                    || SelectorRules.hasInvalidValue(old.path("spec").path("selector"));
            var oldLabels = template(old).path("metadata").path("labels");
            boolean prefixed = oldLabels.has(JobRules.PREFIX + JobRules.JOB_NAME)
                    && oldLabels.has(JobRules.PREFIX + JobRules.CONTROLLER_UID);
            JobRules.check(field, rules, prefixed, anyValues);
            JobRules.update(field, old, rules, anyValues);
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            if (old == null) {
                return super.warnings(object, null);
            }
            if (ObjectMeta.generation(object) == ObjectMeta.generation(old)) {
                return List.of();
            }
            var all = new ArrayList<>(sizeWarnings("spec", object.path("spec")));
            all.addAll(super.warnings(object, old));
            return all;
        }

        @Override
        protected List<String> nameWarnings(ObjectNode object) {
            var all = new ArrayList<>(super.nameWarnings(object));
            all.addAll(sizeWarnings("spec", object.path("spec")));
            return all;
        }
    }
}
