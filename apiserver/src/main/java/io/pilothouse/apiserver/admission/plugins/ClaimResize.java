package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.quantity.Quantity;

/** PersistentVolumeClaimResize: only bound claims whose class allows it grow. */
public final class ClaimResize implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("storage.k8s.io", "storageclasses");

    private final ClusterView cluster;

    public ClaimResize(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "PersistentVolumeClaimResize";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var claim = request.object();
        var old = request.old();
        if (claim == null || old == null || !request.updates() || !request.isWhole("", "persistentvolumeclaims")) {
            return;
        }
        if (size(claim).compareTo(size(old)) <= 0) {
            return;
        }
        if (!old.path("status").path("phase").asText("").equals("Bound")) {
            throw request.forbidden("Only bound persistent volume claims can be expanded");
        }
        String storageClass = classOf(claim);
        boolean allowed = !storageClass.isEmpty()
                && storageClass.equals(classOf(old))
                && cluster.find(CLASSES, "", storageClass)
                        .map(c -> c.path("allowVolumeExpansion").asBoolean())
                        .orElse(false);
        if (!allowed) {
            throw request.forbidden("only dynamically provisioned pvc can be resized and "
                    + "the storageclass that provisions the pvc must support resize");
        }
    }

    private static Quantity size(JsonNode claim) {
        return Quantity.parse(claim.path("spec")
                .path("resources")
                .path("requests")
                .path("storage")
                .asText("0"));
    }

    /** The class of a claim, by its field or the annotation that it had before. */
    static String classOf(JsonNode claim) {
        return ObjectMeta.annotation(claim, "volume.beta.kubernetes.io/storage-class")
                .orElseGet(() -> claim.path("spec").path("storageClassName").asText(""));
    }
}
