package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/** What kubectl shows of volumes and claims. */
final class VolumeColumns {
    static final String BETA_CLASS = "volume.beta.kubernetes.io/storage-class";

    private VolumeColumns() {}

    static String accessModes(JsonNode modes) {
        var all = Trees.strings(modes);
        var out = new ArrayList<String>();
        add(all.contains("ReadWriteOnce"), "RWO", out);
        add(all.contains("ReadOnlyMany"), "ROX", out);
        add(all.contains("ReadWriteMany"), "RWX", out);
        add(all.contains("ReadWriteOncePod"), "RWOP", out);
        return String.join(",", out);
    }

    private static void add(boolean present, String shown, List<String> out) {
        if (present) {
            out.add(shown);
        }
    }

    static String claim(ObjectNode volume) {
        var claim = volume.path("spec").path("claimRef");
        return claim.isMissingNode()
                ? ""
                : claim.path("namespace").asText("") + "/" + claim.path("name").asText("");
    }

    static String phase(ObjectNode object) {
        return ObjectMeta.isTerminating(object)
                ? "Terminating"
                : object.path("status").path("phase").asText("");
    }

    static String storageClass(ObjectNode object) {
        return ObjectMeta.annotation(object, BETA_CLASS)
                .orElse(object.path("spec").path("storageClassName").asText(""));
    }

    static String orUnset(ObjectNode object, String field) {
        return object.path("spec").path(field).asText("<unset>");
    }
}
