package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.kinds.pod.InternalForm;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** resource.k8s.io/v1 ResourceClaimTemplate. */
public final class ResourceClaimTemplates {
    private static final List<String> UNWANTED = List.of(
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "ownerReferences",
            "finalizers",
            "managedFields");

    private ResourceClaimTemplates() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "resource.k8s.io", "resourceclaimtemplates", "resourceclaimtemplate", "ResourceClaimTemplate")
                .version("v1", schemas)
                .returnsDeletedObject()
                .columns(List.of(TableWriter.name(), TableWriter.age()))
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.with(object, "spec", template -> Trees.with(template, "spec", ClaimDefaults::fill));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors =
                    new ArrayList<>(AdminAccess.ofRequests(object.path("spec").path("spec"), context));
            check(Field.of(object, errors).child("spec"));
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var template = Field.of(object, errors).child("spec");
            check(template);
            InternalForm.immutable("ResourceClaimTemplateSpec", template, old.path("spec"));
            return errors;
        }

        private static void check(Field template) {
            var metadata = template.child("metadata");
            metadata.child("annotations")
                    .entries((key, value) -> LabelFormat.key(key.toLowerCase(Locale.ROOT))
                            .forEach(problem -> metadata.child("annotations").invalid(key, problem)));
            metadata.child("labels").labels();
            // Of the rest nothing is taken over, so nothing may be given.
            for (String field : UNWANTED) {
                if (!metadata.child(field).isEmpty()) {
                    metadata.child(field).forbidden("cannot be set");
                }
            }
            ClaimValidation.check(template.child("spec"));
        }
    }
}
