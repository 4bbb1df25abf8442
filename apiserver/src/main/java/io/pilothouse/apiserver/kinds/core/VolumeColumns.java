package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;

/** What kubectl shows of volumes and claims. */
final class VolumeColumns {
    private VolumeColumns() {}

    static String accessModes(JsonNode modes) {
        var out = new ArrayList<String>();
        modes.forEach(mode -> out.add(
                switch (mode.asText()) {
                    case "ReadWriteOnce" -> "RWO";
                    case "ReadOnlyMany" -> "ROX";
                    case "ReadWriteMany" -> "RWX";
                    case "ReadWriteOncePod" -> "RWOP";
                    default -> mode.asText();
                }));
        return String.join(",", out);
    }

    static String claim(ObjectNode volume) {
        var claim = volume.path("spec").path("claimRef");
        return claim.isMissingNode()
                ? ""
                : claim.path("namespace").asText() + "/" + claim.path("name").asText();
    }
}
