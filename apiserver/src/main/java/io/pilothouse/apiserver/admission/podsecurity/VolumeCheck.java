package io.pilothouse.apiserver.admission.podsecurity;

import static io.pilothouse.apiserver.admission.podsecurity.PodView.plural;
import static io.pilothouse.apiserver.admission.podsecurity.PodView.quoted;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The check of the kinds of volumes. */
final class VolumeCheck {
    private static final List<String> ALLOWED = List.of(
            "configMap",
            "csi",
            "downwardAPI",
            "emptyDir",
            "ephemeral",
            "image",
            "persistentVolumeClaim",
            "projected",
            "secret");
    private static final List<String> KNOWN = List.of(
            "hostPath",
            "gcePersistentDisk",
            "awsElasticBlockStore",
            "gitRepo",
            "nfs",
            "iscsi",
            "glusterfs",
            "rbd",
            "flexVolume",
            "cinder",
            "cephfs",
            "flocker",
            "fc",
            "azureFile",
            "vsphereVolume",
            "quobyte",
            "azureDisk",
            "photonPersistentDisk",
            "portworxVolume",
            "scaleIO",
            "storageos");

    private VolumeCheck() {}

    static Optional<Finding> volumes(PodView pod) {
        List<String> names = new ArrayList<>();
        var types = new TreeSet<String>();
        for (var volume : pod.spec().path("volumes")) {
            if (ALLOWED.stream().noneMatch(volume::hasNonNull)) {
                names.add(volume.path("name").asText(""));
                types.add(typeOf(volume));
            }
        }
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        "restricted volume types",
                        plural("volume", "volumes", names.size()) + " " + quoted(names) + " "
                                + plural("uses", "use", names.size()) + " "
                                + plural("restricted volume type", "restricted volume types", types.size()) + " "
                                + quoted(types)));
    }

    private static String typeOf(JsonNode volume) {
        return KNOWN.stream().filter(volume::hasNonNull).findFirst().orElse("unknown");
    }
}
