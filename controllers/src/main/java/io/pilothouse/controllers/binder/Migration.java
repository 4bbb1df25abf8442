package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Map;
import java.util.Optional;

/** The CSI drivers that do what plugins of these names did when they were part of Kubernetes. */
final class Migration {
    private static final Map<String, String> DRIVERS = Map.of(
            "kubernetes.io/aws-ebs",
            "ebs.csi.aws.com",
            "kubernetes.io/gce-pd",
            "pd.csi.storage.gke.io",
            "kubernetes.io/cinder",
            "cinder.csi.openstack.org",
            "kubernetes.io/azure-disk",
            "disk.csi.azure.com",
            "kubernetes.io/azure-file",
            "file.csi.azure.com",
            "kubernetes.io/vsphere-volume",
            "csi.vsphere.vmware.com",
            "kubernetes.io/portworx-volume",
            "pxd.portworx.com");

    private Migration() {}

    /** The driver that stands for a provisioner. */
    static Optional<String> driver(String provisioner) {
        return Optional.ofNullable(DRIVERS.get(provisioner));
    }

    /** The driver that an object is to name; empty where it is to name none. */
    private static Optional<String> wanted(HasMetadata object, String... provisioners) {
        for (String note : provisioners) {
            var provisioner = Notes.get(object, note);
            if (provisioner.isPresent()) {
                return driver(provisioner.get());
            }
        }
        return Optional.empty();
    }

    /** Notes the driver on an object that is nobody else's; whether that changed it. */
    static boolean note(HasMetadata object, String... provisioners) {
        boolean isProvisioned = java.util.Arrays.stream(provisioners).anyMatch(note -> Notes.has(object, note));
        var wanted = wanted(object, provisioners);
        var noted = Notes.get(object, Notes.MIGRATED_TO);
        if (!isProvisioned || wanted.equals(noted)) {
            return false;
        }
        wanted.ifPresentOrElse(
                driver -> Notes.put(object, Notes.MIGRATED_TO, driver), () -> Notes.remove(object, Notes.MIGRATED_TO));
        return true;
    }
}
