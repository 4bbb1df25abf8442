package io.pilothouse.apiserver.admission.plugins;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** DefaultStorageClass: a claim that names no class gets the default one, the newest where there are several. */
public final class StorageDefaults implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("storage.k8s.io", "storageclasses");
    private static final String OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
    private static final List<String> MARKS =
            List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");

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
        var claim = request.object();
        if (claim == null
                || !request.creates()
                || !request.isWhole("", "persistentvolumeclaims")
                || claim.path("spec").hasNonNull("storageClassName")
                || ObjectMeta.annotation(claim, OLD_CLASS).isPresent()) {
            return;
        }
        newestMarked(cluster, CLASSES, MARKS)
                .ifPresent(c -> claim.withObjectProperty("spec").put("storageClassName", ObjectMeta.name(c)));
    }

    /** Of the objects that an annotation marks as the default, the newest; of several as new, the first by name. */
    static Optional<ObjectNode> newestMarked(ClusterView cluster, GroupResource resource, List<String> marks) {
        return cluster.list(resource, "").stream()
                .filter(c -> marks.stream()
                        .anyMatch(m -> ObjectMeta.annotation(c, m)
                                .filter("true"::equals)
                                .isPresent()))
                .min(Comparator.comparing((ObjectNode c) ->
                                c.path("metadata").path("creationTimestamp").asText())
                        .reversed()
                        .thenComparing(ObjectMeta::name));
    }
}
