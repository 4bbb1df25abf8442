package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.NodeLabels;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a persistent volume's author is warned of. */
final class PersistentVolumeWarnings {
    private static final FieldPath ANNOTATIONS = FieldPath.of("metadata", "annotations");
    /** By the field, how upstream's path ends and since when the source does not work. */
    private static final Map<String, String> GONE = sources();

    private PersistentVolumeWarnings() {}

    private static Map<String, String> sources() {
        var out = new LinkedHashMap<String, String>();
        out.put("cephfs", "spec.cephfs: deprecated in v1.28, non-functional in v1.31+");
        out.put("photonPersistentDisk", "spec.photonPersistentDisk: deprecated in v1.11, non-functional in v1.16+");
        out.put("scaleIO", "spec.scaleIO: deprecated in v1.16, non-functional in v1.22+");
        out.put("storageos", "spec.storageOS: deprecated in v1.22, non-functional in v1.25+");
        out.put("glusterfs", "spec.glusterfs: deprecated in v1.25, non-functional in v1.26+");
        out.put("rbd", "spec.rbd: deprecated in v1.28, non-functional in v1.31+");
        return out;
    }

    static List<String> of(ObjectNode volume) {
        var out = new ArrayList<String>();
        annotation(
                volume,
                VolumeColumns.BETA_CLASS,
                "deprecated since v1.8; use \"storageClassName\" attribute instead",
                out);
        annotation(
                volume,
                PersistentVolumeValidation.MOUNT_OPTIONS,
                "deprecated since v1.31; use \"mountOptions\" attribute instead",
                out);
        var spec = volume.path("spec");
        if (spec.path("persistentVolumeReclaimPolicy").asText("").equals("Recycle")) {
            out.add(
                    "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach"
                            + " is to use dynamic provisioning.");
        }
        var path = FieldPath.of("spec", "nodeAffinity", "required", "nodeSelectorTerms");
        int i = 0;
        for (var term : spec.path("nodeAffinity").path("required").path("nodeSelectorTerms")) {
            out.addAll(NodeLabels.ofTerm(term, false, path.index(i++)));
        }
        GONE.forEach((source, warning) -> {
            if (spec.hasNonNull(source)) {
                out.add(warning);
            }
        });
        return out;
    }

    private static void annotation(ObjectNode volume, String key, String text, List<String> out) {
        if (ObjectMeta.annotation(volume, key).isPresent()) {
            out.add(ANNOTATIONS.key(key) + ": " + text);
        }
    }
}
