package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.DeletionRule;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StandardDeletion;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/** core/v1 Namespace: deleted in two steps, the second of which (finalize) is taken when all in it is gone. */
public final class Namespaces {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";
    private static final String FINALIZER = "kubernetes";
    private static final Set<String> STANDARD = Set.of(FINALIZER, "orphan", "foregroundDeletion");

    private Namespaces() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "namespaces", "namespace", "Namespace")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("ns")
                .names(NameRule.LABEL)
                .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                .strategy(new Rules())
                .deletion(new Deletion())
                .returnsDeletedObject()
                .status(new Status())
                .resetFields("finalize", "status")
                .subresource(new Subresource.View("finalize", List.of("update"), new Finalize()))
                .selectable("status.phase", o -> o.path("status").path("phase").asText())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Status",
                                "The status of the namespace",
                                o -> o.path("status").path("phase").asText()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            String name = ObjectMeta.name(object);
            if (!name.isEmpty()) {
                var labels = new LinkedHashMap<>(ObjectMeta.labels(object));
                labels.put(NAME_LABEL, name);
                ObjectMeta.setLabels(object, labels);
            }
            if (!object.path("status").has("phase")) {
                object.withObjectProperty("status").put("phase", "Active");
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            defaults(object);
            object.putObject("status").put("phase", "Active");
            var finalizers = object.withObjectProperty("spec").withArrayProperty("finalizers");
            boolean has = false;
            for (var finalizer : finalizers) {
                has |= finalizer.asText().equals(FINALIZER);
            }
            if (!has) {
                finalizers.add(FINALIZER);
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            // Upstream names the list, not the finalizer.
            var finalizers = Field.of(object, errors).child("spec", "finalizers");
            finalizers.each(f -> finalizer(f.placedAt(finalizers.path())));
            return errors;
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var kept = old.path("spec").get("finalizers");
            var spec = object.withObjectProperty("spec");
            if (kept == null) {
                spec.remove("finalizers");
            } else {
                spec.set("finalizers", kept);
            }
        }
    }

    private static void finalizer(Field finalizer) {
        finalizer.matches(LabelFormat::key);
        if (!finalizer.text().contains("/") && !STANDARD.contains(finalizer.text())) {
            finalizer.invalid("name is neither a standard finalizer name nor is it fully qualified");
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var phase = Field.of(object, errors).child("status", "phase");
            // Upstream's path is written like this.
            var at = phase.placedAt(FieldPath.of("status", "Phase"));
            boolean terminating = ObjectMeta.isTerminating(object);
            if (!phase.is(terminating ? "Terminating" : "Active")) {
                at.invalid(
                        phase.text(),
                        terminating
                                ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
                                : "may only be 'Active' if `deletionTimestamp` is empty");
            }
            return errors;
        }
    }

    private static final class Finalize implements ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            var status = old.get("status");
            if (status != null) {
                object.set("status", status);
            }
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            Field.of(object, errors).child("spec", "finalizers").each(Namespaces::finalizer);
            return errors;
        }
    }

    private static final class Deletion implements DeletionRule {
        @Override
        public Outcome apply(
                ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
            if (!ObjectMeta.isTerminating(object)) {
                ObjectMeta.setDeletionTimestamp(object, context.now());
                object.withObjectProperty("status").put("phase", "Terminating");
                propagate(object, options);
                return Outcome.MARKED;
            }
            if (!object.path("spec").path("finalizers").isEmpty()) {
                return Outcome.UNCHANGED;
            }
            return StandardDeletion.INSTANCE.apply(definition, object, options, context);
        }

        /** Dependents of a namespace, other than what is in it, are orphaned or waited for where the client says so. */
        private static void propagate(ObjectNode object, DeleteOptions options) {
            var finalizers = new ArrayList<>(ObjectMeta.finalizers(object));
            Boolean orphan = options.orphanDependents();
            String propagation = options.propagation();
            if (orphan == null && propagation == null) {
                return;
            }
            set(finalizers, "orphan", orphan != null ? orphan : "Orphan".equals(propagation));
            set(finalizers, "foregroundDeletion", orphan != null ? !orphan : "Foreground".equals(propagation));
            if (!finalizers.equals(ObjectMeta.finalizers(object))) {
                ObjectMeta.setFinalizers(object, finalizers);
            }
        }

        private static void set(List<String> finalizers, String name, boolean present) {
            if (!present) {
                finalizers.remove(name);
            } else if (!finalizers.contains(name)) {
                finalizers.add(name);
            }
        }

        @Override
        public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
            return ObjectMeta.isTerminating(old)
                    && object.path("spec").path("finalizers").isEmpty()
                    && ObjectMeta.finalizers(object).isEmpty();
        }
    }
}
