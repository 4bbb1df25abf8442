package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;

/** Gives a pod's volumes to its fsGroup: the group owns them, may do what the owner may, and what is made in them stays with it. */
final class Ownership {
    private Ownership() {}

    static OptionalLong group(JsonNode pod) {
        JsonNode group = pod.path("spec").path("securityContext").path("fsGroup");
        return group.isNumber() ? OptionalLong.of(group.asLong()) : OptionalLong.empty();
    }

    /** For a volume that pods write to. Does nothing without a group, or when it holds it already and OnRootMismatch is wanted. */
    static void writable(JsonNode pod, Path volume) throws IOException {
        OptionalLong group = group(pod);
        if (group.isEmpty()) {
            return;
        }
        boolean onMismatch = pod.path("spec")
                .path("securityContext")
                .path("fsGroupChangePolicy")
                .asText("")
                .equals("OnRootMismatch");
        if (onMismatch && Files.getAttribute(volume, "unix:gid").equals((int) group.getAsLong())) {
            return;
        }
        Shell.run(Map.of(), "chgrp", "-R", Long.toString(group.getAsLong()), volume.toString());
        Shell.run(Map.of(), "chmod", "-R", "g+rwX", volume.toString());
        Shell.run(Map.of(), "find", volume.toString(), "-type", "d", "-exec", "chmod", "g+s", "{}", "+");
    }

    /** For files that the node writes: the group reads them. */
    static void readable(OptionalLong group, Path folder) throws IOException {
        if (group.isPresent()) {
            Shell.run(Map.of(), "chgrp", "-R", Long.toString(group.getAsLong()), folder.toString());
            Shell.run(Map.of(), "chmod", "-R", "g+rX", folder.toString());
        }
    }
}
