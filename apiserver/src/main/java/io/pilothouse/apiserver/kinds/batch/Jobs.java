package io.pilothouse.apiserver.kinds.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.PodSelectors;
import io.pilothouse.apiserver.kinds.Workloads;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** batch/v1 Job. */
public final class Jobs {
    private Jobs() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("batch", "jobs", "job", "Job")
                .version("v1", schemas)
                .selectable(
                        "status.successful",
                        o -> o.path("status").path("succeeded").asText("0"))
                .categories("all")
                .generation("spec")
                .orphansByDefault()
                .status()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text("Status", "Status of the job.", JobColumns::status),
                        Column.text(
                                "Completions", "How many pods have succeeded, of how many.", JobColumns::completions),
                        new Column("Duration", "string", "", "Time that the job has run.", 0, JobColumns::duration),
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
            JobDefaults.spec(object.withObjectProperty("spec"));
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            var spec = object.withObjectProperty("spec");
            if (!spec.path("manualSelector").asBoolean()) {
                String uid = ObjectMeta.uid(object);
                String name = ObjectMeta.name(object);
                var labels = spec.withObjectProperty("template")
                        .withObjectProperty("metadata")
                        .withObjectProperty("labels");
                var own = ObjectMeta.ensure(object);
                boolean shared =
                        own.path("labels").isEmpty() || own.path("labels").equals(labels);
                for (String prefix : List.of("", "batch.kubernetes.io/")) {
                    labels.put(prefix + "controller-uid", uid);
                    labels.put(prefix + "job-name", name);
                }
                if (shared) {
                    own.set("labels", labels.deepCopy());
                }
                spec.withObjectProperty("selector")
                        .withObjectProperty("matchLabels")
                        .put("batch.kubernetes.io/controller-uid", uid);
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            String policy = object.path("spec")
                    .path("template")
                    .path("spec")
                    .path("restartPolicy")
                    .asText("");
            if (!policy.equals("OnFailure") && !policy.equals("Never")) {
                errors.add(FieldError.required(
                        FieldPath.of("spec", "template", "spec", "restartPolicy"),
                        "valid values: \"OnFailure\", \"Never\""));
            }
            return errors;
        }
    }
}
