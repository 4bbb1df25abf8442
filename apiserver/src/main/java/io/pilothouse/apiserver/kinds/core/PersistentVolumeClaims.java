package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.fill;
import static io.pilothouse.apiserver.kinds.Trees.with;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;

/** core/v1 PersistentVolumeClaim. */
public final class PersistentVolumeClaims {
    private PersistentVolumeClaims() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim")
                .version("v1", schemas)
                .shortNames("pvc")
                .returnsDeletedObject()
                .status()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Status",
                                "Where the claim stands.",
                                o -> o.path("status").path("phase").asText()),
                        Column.text(
                                "Volume",
                                "The volume that is bound.",
                                o -> o.path("spec").path("volumeName").asText()),
                        Column.text(
                                "Capacity",
                                "How much it holds.",
                                o -> o.path("status")
                                        .path("capacity")
                                        .path("storage")
                                        .asText()),
                        Column.text(
                                "Access Modes",
                                "How it can be mounted.",
                                o -> VolumeColumns.accessModes(o.path("status").path("accessModes"))),
                        Column.text(
                                "StorageClass",
                                "The class that provides it.",
                                o -> o.path("spec").path("storageClassName").asText()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            with(object, "spec", spec -> fill(spec, "volumeMode", "Filesystem"));
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            object.putObject("status").put("phase", "Pending");
        }
    }
}
