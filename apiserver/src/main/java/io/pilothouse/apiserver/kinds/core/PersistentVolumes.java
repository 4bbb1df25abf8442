package io.pilothouse.apiserver.kinds.core;

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
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 PersistentVolume. */
public final class PersistentVolumes {
    private static final String SPEC = "core.v1.PersistentVolumeSpec";
    private static final String STATUS = "core.v1.PersistentVolumeStatus";
    private static final String TRANSITION = "lastPhaseTransitionTime";

    private PersistentVolumes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "persistentvolumes", "persistentvolume", "PersistentVolume")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("pv")
                .returnsDeletedObject()
                .status(new Status())
                .strategy(new Rules())
                .columns(columns(schemas))
                .build();
    }

    private static Column[] columns(Schemas schemas) {
        return new Column[] {
            TableWriter.name(),
            Column.text(
                    "Capacity",
                    schemas.text(SPEC, "capacity"),
                    o -> o.path("spec").path("capacity").path("storage").asText("0")),
            Column.text(
                    "Access Modes",
                    schemas.text(SPEC, "accessModes"),
                    o -> VolumeColumns.accessModes(o.path("spec").path("accessModes"))),
            Column.text(
                    "Reclaim Policy",
                    schemas.text(SPEC, "persistentVolumeReclaimPolicy"),
                    o -> o.path("spec").path("persistentVolumeReclaimPolicy").asText("")),
            Column.text("Status", schemas.text(STATUS, "phase"), VolumeColumns::phase),
            Column.text(
                    "Claim",
                    "claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be"
                            + " non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info:"
                            + " https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding",
                    VolumeColumns::claim),
            Column.text("StorageClass", "StorageClass of the pv", VolumeColumns::storageClass),
            Column.text(
                    "VolumeAttributesClass",
                    "VolumeAttributesClass of the pv",
                    o -> VolumeColumns.orUnset(o, "volumeAttributesClassName")),
            Column.text(
                    "Reason",
                    schemas.text(STATUS, "reason"),
                    o -> o.path("status").path("reason").asText("")),
            TableWriter.age(),
            Column.text("VolumeMode", schemas.text(SPEC, "volumeMode"), o -> VolumeColumns.orUnset(o, "volumeMode"))
                    .wide()
        };
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            PersistentVolumeDefaults.apply(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            object.putObject("status").put("phase", "Pending").put(TRANSITION, ObjectMeta.format(context.now()));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return PersistentVolumeValidation.validate(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return PersistentVolumeValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return PersistentVolumeWarnings.of(object);
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var before = old.path("status");
            var status = object.withObjectProperty("status");
            boolean samePhase = status.path("phase").equals(before.path("phase"));
            if (samePhase && !status.hasNonNull(TRANSITION) && before.hasNonNull(TRANSITION)) {
                status.set(TRANSITION, before.get(TRANSITION));
            } else if (!samePhase
                    && (!status.hasNonNull(TRANSITION)
                            || status.path(TRANSITION).equals(before.path(TRANSITION)))) {
                status.put(TRANSITION, ObjectMeta.format(context.now()));
            }
        }
    }
}
