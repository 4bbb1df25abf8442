package io.pilothouse.apiserver.kinds.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import java.util.ArrayList;
import java.util.List;

/** storage.k8s.io/v1 VolumeAttributesClass. */
public final class VolumeAttributesClasses {
    private VolumeAttributesClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "storage.k8s.io", "volumeattributesclasses", "volumeattributesclass", "VolumeAttributesClass")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("vac")
                .returnsDeletedObject()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "DriverName",
                                schemas.text("storage.v1.VolumeAttributesClass", "driverName"),
                                o -> o.path("driverName").asText("")),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var all = Field.of(object, errors);
            StorageRules.provisioner(all.child("driverName"));
            StorageRules.parameters(all.child("parameters"), false);
            return errors;
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var all = Field.of(object, errors);
            for (String field : new String[] {"driverName", "parameters"}) {
                if (!object.path(field).equals(old.path(field))) {
                    all.child(field).forbidden("updates to " + field + " are forbidden.");
                }
            }
            errors.addAll(validate(object, context));
            return errors;
        }
    }
}
