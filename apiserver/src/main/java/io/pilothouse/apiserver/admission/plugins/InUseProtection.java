package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.meta.ObjectMeta;

/** StorageObjectInUseProtection: volumes, claims and their classes of attributes stay as long as something uses them. */
public final class InUseProtection implements AdmissionPlugin {
    @Override
    public String name() {
        return "StorageObjectInUseProtection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var object = request.object();
        if (object == null || !request.creates()) {
            return;
        }
        if (request.isWhole("", "persistentvolumes")) {
            protect(object, "kubernetes.io/pv-protection");
        } else if (request.isWhole("", "persistentvolumeclaims")) {
            protect(object, "kubernetes.io/pvc-protection");
        } else if (request.isWhole("storage.k8s.io", "volumeattributesclasses")) {
            protect(object, "kubernetes.io/vac-protection");
        }
    }

    private static void protect(ObjectNode object, String finalizer) {
        var finalizers = ObjectMeta.finalizers(object);
        if (!finalizers.contains(finalizer)) {
            finalizers.add(finalizer);
            ObjectMeta.setFinalizers(object, finalizers);
        }
    }
}
