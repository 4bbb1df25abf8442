package io.pilothouse.apiserver.kinds.core;

import static io.pilothouse.apiserver.kinds.Trees.fill;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;

/** core/v1 PersistentVolume. */
public final class PersistentVolumes {
    private PersistentVolumes() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "persistentvolumes", "persistentvolume", "PersistentVolume")
                .version("v1", schemas)
                .clusterScoped()
                .shortNames("pv")
                .returnsDeletedObject()
                .status()
                .strategy(new Rules())
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Capacity",
                                "How much it holds.",
                                o -> o.path("spec")
                                        .path("capacity")
                                        .path("storage")
                                        .asText()),
                        Column.text(
                                "Access Modes",
                                "How it can be mounted.",
                                o -> VolumeColumns.accessModes(o.path("spec").path("accessModes"))),
                        Column.text(
                                "Reclaim Policy",
                                "What becomes of it when its claim is gone.",
                                o -> o.path("spec")
                                        .path("persistentVolumeReclaimPolicy")
                                        .asText()),
                        Column.text(
                                "Status",
                                "Where the volume stands.",
                                o -> o.path("status").path("phase").asText()),
                        Column.text("Claim", "The claim that is bound.", VolumeColumns::claim),
                        Column.text(
                                "StorageClass",
                                "The class that provides it.",
                                o -> o.path("spec").path("storageClassName").asText()),
                        Column.text(
                                "Reason",
                                "Why it stands there.",
                                o -> o.path("status").path("reason").asText()),
                        TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            var spec = object.withObjectProperty("spec");
            fill(spec, "persistentVolumeReclaimPolicy", "Retain");
            fill(spec, "volumeMode", "Filesystem");
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            object.putObject("status").put("phase", "Pending");
        }
    }
}
