package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;

/** DefaultIngressClass: an ingress that names no class gets the default one. */
public final class DefaultIngressClass implements AdmissionPlugin {
    private static final GroupResource CLASSES = new GroupResource("networking.k8s.io", "ingressclasses");
    private static final List<String> MARKS = List.of("ingressclass.kubernetes.io/is-default-class");
    private static final String OLD_CLASS = "kubernetes.io/ingress.class";

    private final ClusterView cluster;

    public DefaultIngressClass(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        var ingress = request.object();
        if (ingress == null
                || !request.creates()
                || !request.isWhole("networking.k8s.io", "ingresses")
                || ingress.path("spec").hasNonNull("ingressClassName")
                || ObjectMeta.annotation(ingress, OLD_CLASS).isPresent()) {
            return;
        }
        StorageDefaults.newestMarked(cluster, CLASSES, MARKS)
                .ifPresent(c -> ingress.withObjectProperty("spec").put("ingressClassName", ObjectMeta.name(c)));
    }
}
