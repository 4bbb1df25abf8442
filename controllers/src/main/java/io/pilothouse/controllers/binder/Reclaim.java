package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.util.regex.Pattern;

/**
 * What becomes of a volume that its claim has left. Nothing is deleted or scrubbed here: external provisioners delete what they made, and a path of a
 * host is none of this machine's.
 */
record Reclaim(Writer writer) {
    private static final String FAILED_DELETE = "VolumeFailedDelete";
    private static final String IN_TREE = "kubernetes.io/";
    private static final Pattern DELETABLE_PATH = Pattern.compile("/tmp/.+");

    void apply(PersistentVolume volume) {
        if (Notes.get(volume, Notes.MIGRATED_TO).filter(to -> !to.isEmpty()).isPresent()) {
            return;
        }
        String policy = String.valueOf(volume.getSpec().getPersistentVolumeReclaimPolicy());
        switch (policy) {
            case "Retain" -> {}
            case "Delete" -> delete(volume);
            case "Recycle" -> writer.fail(volume, "VolumeFailedRecycle", "No recycler plugin found for the volume!");
            default ->
                writer.fail(
                        volume, "VolumeUnknownReclaimPolicy", "Volume has unrecognized PersistentVolumeReclaimPolicy");
        }
    }

    private void delete(PersistentVolume volume) {
        String maker = Notes.get(volume, Notes.PROVISIONED_BY).orElse("");
        if (!maker.isEmpty()) {
            if (maker.equals(IN_TREE + "host-path")) {
                hostPath(volume);
            } else if (maker.startsWith(IN_TREE)) {
                writer.fail(
                        volume,
                        FAILED_DELETE,
                        maker.equals(IN_TREE + "nfs")
                                ? "no deletable volume plugin matched"
                                : "no volume plugin matched name: " + maker);
            }
        } else if (volume.getSpec().getHostPath() != null) {
            hostPath(volume);
        } else if (volume.getSpec().getCsi() == null) {
            noDeleter(
                    volume,
                    volume.getSpec().getNfs() == null
                            ? "no volume plugin matched"
                            : "no deletable volume plugin matched");
        }
    }

    private void hostPath(PersistentVolume volume) {
        var source = volume.getSpec().getHostPath();
        if (source == null) {
            writer.fail(
                    volume,
                    FAILED_DELETE,
                    "failed to create deleter for volume \""
                            + volume.getMetadata().getName() + "\": spec.PersistentVolumeSource.HostPath is nil");
        } else if (DELETABLE_PATH.matcher(source.getPath()).find()) {
            noDeleter(volume, "no deletable volume plugin matched");
        } else {
            writer.fail(
                    volume,
                    FAILED_DELETE,
                    "host_path deleter only supports /tmp/.+ but received provided " + source.getPath());
        }
    }

    private void noDeleter(PersistentVolume volume, String why) {
        writer.fail(
                volume,
                FAILED_DELETE,
                "error getting deleter volume plugin for volume \""
                        + volume.getMetadata().getName() + "\": " + why);
    }
}
