package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Brings a claim's dataSource and dataSourceRef together. */
final class ClaimSources {
    private static final String OLDER = "dataSource";
    private static final String NEWER = "dataSourceRef";

    private ClaimSources() {}

    /**
     * Drops what is not served, and fills the one of the other.
     *
     * @param old the old spec, or null for a new claim
     */
    static void prepare(ObjectNode spec, @Nullable JsonNode old) {
        boolean refInUse = old != null && old.hasNonNull(NEWER);
        boolean inUse = refInUse || (old != null && old.hasNonNull(OLDER));
        // References into other namespaces are off in upstream.
        if (!refInUse && !spec.path(NEWER).path("namespace").asText("").isEmpty()) {
            spec.remove(NEWER);
        }
        if (!inUse && !spec.hasNonNull(NEWER) && spec.hasNonNull(OLDER) && !isClaimOrSnapshot(spec.path(OLDER))) {
            spec.remove(OLDER);
        }
        align(spec);
    }

    private static boolean isClaimOrSnapshot(JsonNode source) {
        String group = source.path("apiGroup").asText("");
        return switch (source.path("kind").asText("")) {
            case "PersistentVolumeClaim" -> group.isEmpty();
            case "VolumeSnapshot" -> group.equals("snapshot.storage.k8s.io");
            default -> false;
        };
    }

    /** Each of the two says what the other does, unless only the newer one can. */
    static void align(ObjectNode spec) {
        boolean older = spec.hasNonNull(OLDER);
        boolean newer = spec.hasNonNull(NEWER);
        if (older && !newer) {
            spec.set(NEWER, spec.get(OLDER).deepCopy());
        } else if (newer
                && !older
                && spec.path(NEWER).path("namespace").asText("").isEmpty()) {
            ObjectNode copy = spec.get(NEWER).deepCopy();
            copy.remove("namespace");
            spec.set(OLDER, copy);
        }
    }
}
