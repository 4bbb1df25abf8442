package io.pilothouse.apiserver.admission.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.registry.Registry;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.quota.DeviceLookups;
import java.util.List;
import java.util.Optional;

/** What the cache of this server knows. */
record RegistryDevices(Registry registry) implements DeviceLookups {
    private static final GroupResource CLASSES = new GroupResource("resource.k8s.io", "deviceclasses");
    private static final GroupResource CLAIMS = new GroupResource("resource.k8s.io", "resourceclaims");
    private static final GroupResource PODS = new GroupResource("", "pods");

    @Override
    public List<? extends JsonNode> classes() {
        return registry.list(CLASSES, "");
    }

    @Override
    public List<? extends JsonNode> claims(String namespace) {
        return registry.list(CLAIMS, namespace);
    }

    @Override
    public Optional<? extends JsonNode> pod(String namespace, String name) {
        return registry.find(PODS, namespace, name);
    }
}
