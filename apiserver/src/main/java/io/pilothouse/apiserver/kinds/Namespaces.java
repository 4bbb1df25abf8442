package io.pilothouse.apiserver.kinds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.DeleteOptions;
import io.pilothouse.apiserver.catalog.DeletionRule;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.Subresource.ViewStrategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.LinkedHashMap;
import java.util.List;

/** core/v1 Namespace: deleted in two steps, the second of which (finalize) is taken when all in it is gone. */
final class Namespaces {
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private Namespaces() {}

    static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "namespaces", "namespace", "Namespace")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("ns")
                .names(NameRule.LABEL)
                .verbs("create", "delete", "get", "list", "patch", "update", "watch")
                .strategy(new Rules())
                .deletion(new Deletion())
                .status()
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
                has |= finalizer.asText().equals("kubernetes");
            }
            if (!has) {
                finalizers.add("kubernetes");
            }
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var kept = old.path("spec").get("finalizers");
            if (kept != null) {
                object.withObjectProperty("spec").set("finalizers", kept);
            }
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
            for (var finalizer : object.path("spec").path("finalizers")) {
                if (!finalizer.asText().contains("/") && !finalizer.asText().equals("kubernetes")) {
                    return List.of(FieldError.invalid(
                            FieldPath.of("spec", "finalizers").index(0),
                            finalizer.asText(),
                            "name is neither a standard finalizer name nor is it fully qualified"));
                }
            }
            return List.of();
        }
    }

    private static final class Deletion implements DeletionRule {
        @Override
        public Outcome apply(
                ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context) {
            if (!ObjectMeta.isTerminating(object)) {
                ObjectMeta.setDeletionTimestamp(object, context.now());
                object.withObjectProperty("status").put("phase", "Terminating");
                return Outcome.MARKED;
            }
            boolean held = !object.path("spec").path("finalizers").isEmpty()
                    || !ObjectMeta.finalizers(object).isEmpty();
            return held ? Outcome.UNCHANGED : Outcome.REMOVE;
        }

        @Override
        public boolean endsWithUpdate(ObjectNode object, ObjectNode old) {
            return ObjectMeta.isTerminating(old)
                    && object.path("spec").path("finalizers").isEmpty()
                    && ObjectMeta.finalizers(object).isEmpty();
        }
    }
}
