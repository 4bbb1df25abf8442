package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 PersistentVolumeClaim. */
public final class PersistentVolumeClaims {
    private static final String SPEC = "core.v1.PersistentVolumeClaimSpec";
    private static final String STATUS = "core.v1.PersistentVolumeClaimStatus";

    private PersistentVolumeClaims() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim")
                .version("v1", schemas)
                .shortNames("pvc")
                .returnsDeletedObject()
                .status(new Status())
                .strategy(new Rules())
                .columns(columns(schemas))
                .build();
    }

    private static Column[] columns(Schemas schemas) {
        return new Column[] {
            TableWriter.name(),
            Column.text("Status", schemas.text(STATUS, "phase"), VolumeColumns::phase),
            Column.text(
                    "Volume",
                    schemas.text(SPEC, "volumeName"),
                    o -> o.path("spec").path("volumeName").asText("")),
            Column.text(
                    "Capacity",
                    schemas.text(STATUS, "capacity"),
                    o -> isBound(o)
                            ? o.path("status").path("capacity").path("storage").asText("0")
                            : ""),
            Column.text(
                    "Access Modes",
                    schemas.text(STATUS, "accessModes"),
                    o -> isBound(o) ? VolumeColumns.accessModes(o.path("status").path("accessModes")) : ""),
            Column.text("StorageClass", "StorageClass of the pvc", VolumeColumns::storageClass),
            Column.text(
                    "VolumeAttributesClass",
                    "VolumeAttributesClass of the pvc",
                    o -> VolumeColumns.orUnset(o, "volumeAttributesClassName")),
            TableWriter.age(),
            Column.text("VolumeMode", schemas.text(SPEC, "volumeMode"), o -> VolumeColumns.orUnset(o, "volumeMode"))
                    .wide()
        };
    }

    private static boolean isBound(ObjectNode claim) {
        return !claim.path("spec").path("volumeName").asText("").isEmpty();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var status = object.withObjectProperty("status");
            if (status.path("phase").asText("").isEmpty()) {
                status.put("phase", "Pending");
            }
            var spec = object.withObjectProperty("spec");
            if (!spec.hasNonNull("volumeMode")) {
                spec.put("volumeMode", "Filesystem");
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            object.putObject("status").put("phase", "Pending");
            ClaimSources.prepare(object.withObjectProperty("spec"), null);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            ClaimSources.prepare(object.withObjectProperty("spec"), old.path("spec"));
            ClaimSources.align(old.withObjectProperty("spec"));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PersistentVolumeClaimValidation.validate(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PersistentVolumeClaimValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            var out = new ArrayList<String>();
            if (ObjectMeta.annotation(object, VolumeColumns.BETA_CLASS).isPresent()) {
                out.add(FieldPath.of("metadata", "annotations").key(VolumeColumns.BETA_CLASS)
                        + ": deprecated since v1.8; use \"storageClassName\" attribute instead");
            }
            for (String list : new String[] {"requests", "limits"}) {
                JsonNode storage =
                        object.path("spec").path("resources").path(list).path("storage");
                if (!storage.isMissingNode() && Quantity.parse(storage.asText()).toMilli() % 1000 != 0) {
                    out.add(FieldPath.of("spec", "resources", list).key("storage") + ": fractional byte value \""
                            + storage.asText() + "\" is invalid, must be an integer");
                }
            }
            return out;
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PersistentVolumeClaimValidation.validateStatus(object);
        }
    }
}
