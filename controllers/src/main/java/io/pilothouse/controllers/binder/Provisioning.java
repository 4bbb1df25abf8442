package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.objects.Requests;
import io.pilothouse.controllers.runtime.ControllerContext;

/**
 * Asks whoever makes volumes of a class for one. No volume is made here: of the plugins that are part of upstream only host paths can be made, which
 * is off unless asked for.
 */
record Provisioning(ControllerContext context, Writer writer, Classes classes) {
    private static final String FAILED = "ProvisioningFailed";
    private static final String IN_TREE = "kubernetes.io/";
    private static final String HOST_PATH = IN_TREE + "host-path";
    private static final String NFS = IN_TREE + "nfs";

    void ask(PersistentVolumeClaim claim) {
        String name = Classes.of(claim);
        var found = classes.find(name);
        if (found.isEmpty()) {
            context.events().warning(claim, FAILED, "storageclass.storage.k8s.io \"" + name + "\" not found");
            return;
        }
        StorageClass storage = found.get();
        String provisioner = storage.getProvisioner();
        var driver = Migration.driver(provisioner);
        if (provisioner.equals(HOST_PATH)) {
            note(claim, provisioner);
            context.events()
                    .warning(
                            claim,
                            FAILED,
                            "Failed to create provisioner: provisioning in volume plugin \"" + HOST_PATH
                                    + "\" is disabled");
        } else if (driver.isEmpty() && provisioner.startsWith(IN_TREE)) {
            context.events()
                    .warning(
                            claim,
                            FAILED,
                            provisioner.equals(NFS)
                                    ? "no provisionable volume plugin matched"
                                    : "no volume plugin matched name: " + provisioner);
        } else {
            external(claim, driver.orElse(provisioner));
        }
    }

    private void external(PersistentVolumeClaim claim, String provisioner) {
        PersistentVolumeClaim noted;
        try {
            noted = note(claim, provisioner);
        } catch (KubernetesClientException e) {
            context.events().warning(claim, FAILED, "Error saving claim: " + Requests.words(e));
            return;
        }
        context.events()
                .normal(
                        noted,
                        "ExternalProvisioning",
                        "Waiting for a volume to be created either by the external provisioner '" + provisioner
                                + "' or manually by the system administrator. If volume creation is delayed, please verify"
                                + " that the provisioner is running and correctly registered.");
    }

    private PersistentVolumeClaim note(PersistentVolumeClaim claim, String provisioner) {
        if (Notes.get(claim, Notes.PROVISIONER).filter(provisioner::equals).isPresent()) {
            return claim;
        }
        var copy = writer.copy(claim);
        Notes.put(copy, Notes.OLD_PROVISIONER, provisioner);
        Notes.put(copy, Notes.PROVISIONER, provisioner);
        Migration.note(copy, Notes.PROVISIONER, Notes.OLD_PROVISIONER);
        return writer.update(copy);
    }
}
