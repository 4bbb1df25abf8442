package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.NodeLabels;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** storage.k8s.io/v1 StorageClass. */
public final class StorageClasses {
    /** The annotation of the class that claims get that name none. */
    public static final String DEFAULT_ANNOTATION = "storageclass.kubernetes.io/is-default-class";

    private static final String BETA_DEFAULT_ANNOTATION = "storageclass.beta.kubernetes.io/is-default-class";
    private static final String TYPE = "storage.v1.StorageClass";

    private StorageClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("storage.k8s.io", "storageclasses", "storageclass", "StorageClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("sc")
                .returnsDeletedObject()
                .strategy(new Rules())
                .columns(columns(schemas))
                .build();
    }

    private static Column[] columns(Schemas schemas) {
        return new Column[] {
            TableWriter.name(o -> ObjectMeta.name(o) + (isDefault(o) ? " (default)" : "")),
            text(schemas, "Provisioner", "provisioner", ""),
            text(schemas, "ReclaimPolicy", "reclaimPolicy", "Delete"),
            text(schemas, "VolumeBindingMode", "volumeBindingMode", "Immediate"),
            // Upstream says that this is a text, and gives a boolean.
            new Column(
                    "AllowVolumeExpansion",
                    "string",
                    "",
                    schemas.text(TYPE, "allowVolumeExpansion"),
                    0,
                    (o, now) -> JsonNodeFactory.instance.booleanNode(
                            o.path("allowVolumeExpansion").asBoolean(false))),
            TableWriter.age()
        };
    }

    private static Column text(Schemas schemas, String name, String field, String otherwise) {
        return Column.text(name, schemas.text(TYPE, field), o -> o.path(field).asText(otherwise));
    }

    /** Whether claims that name no class get this one. */
    public static boolean isDefault(ObjectNode storageClass) {
        var yes = Optional.of("true");
        return ObjectMeta.annotation(storageClass, DEFAULT_ANNOTATION).equals(yes)
                || ObjectMeta.annotation(storageClass, BETA_DEFAULT_ANNOTATION).equals(yes);
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            if (!object.hasNonNull("reclaimPolicy")) {
                object.put("reclaimPolicy", "Delete");
            }
            if (!object.hasNonNull("volumeBindingMode")) {
                object.put("volumeBindingMode", "Immediate");
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var all = Field.of(object, errors);
            StorageRules.provisioner(all.child("provisioner"));
            StorageRules.parameters(all.child("parameters"), true);
            all.child("reclaimPolicy").emptyOrOneOf("Delete", "Retain");
            var mode = all.child("volumeBindingMode");
            if (mode.present()) {
                mode.oneOf("Immediate", "WaitForFirstConsumer");
            } else {
                mode.required("");
            }
            TopologyValidation.terms(all.child("allowedTopologies"));
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(validate(object, context));
            var all = Field.of(object, errors);
            for (String field : new String[] {"parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"}) {
                all.child(field).immutable(old.path(field));
            }
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            int i = 0;
            for (var term : object.path("allowedTopologies")) {
                var path = FieldPath.of("allowedTopologies").index(i++).child("matchLabelExpressions");
                int j = 0;
                for (var expression : term.path("matchLabelExpressions")) {
                    var at = path.index(j++).child("key");
                    NodeLabels.deprecation(expression.path("key").asText(""))
                            .ifPresent(text -> out.add(at + ": " + text));
                }
            }
            return out;
        }
    }
}
