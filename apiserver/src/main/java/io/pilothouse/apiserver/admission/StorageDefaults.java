package io.pilothouse.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Comparator;

/** DefaultStorageClass: a claim that names no class gets the default one. */
public final class StorageDefaults implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("storage.k8s.io", "storageclasses");
    private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";

    private final ClusterView cluster;

    public StorageDefaults(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "DefaultStorageClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var object = request.object();
        if (object == null
                || !request.operation().equals("CREATE")
                || !request.subresource().isEmpty()) {
            return;
        }
        if (request.is("", "persistentvolumeclaims") && !object.path("spec").has("storageClassName")) {
            defaultClass(object);
        }
    }

    private void defaultClass(ObjectNode claim) {
        cluster.list(CLASSES, "").stream()
                .filter(c -> "true".equals(ObjectMeta.annotations(c).get(DEFAULT)))
                .max(Comparator.comparing(
                        c -> c.path("metadata").path("creationTimestamp").asText()))
                .ifPresent(c -> claim.withObjectProperty("spec").put("storageClassName", ObjectMeta.name(c)));
    }
}
