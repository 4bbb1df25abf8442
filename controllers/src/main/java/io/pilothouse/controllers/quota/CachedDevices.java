package io.pilothouse.controllers.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.machinery.quota.DeviceLookups;
import java.util.List;
import java.util.Optional;

/** What the controllers' caches know of devices. */
record CachedDevices(
        Trees trees, Cache<DeviceClass> deviceClasses, Cache<ResourceClaim> resourceClaims, Cache<Pod> pods)
        implements DeviceLookups {
    @Override
    public List<JsonNode> classes() {
        return deviceClasses.all().stream().map(trees::of).toList();
    }

    @Override
    public List<JsonNode> claims(String namespace) {
        return trees.inNamespace(resourceClaims, namespace);
    }

    @Override
    public Optional<JsonNode> pod(String namespace, String name) {
        return pods.find(namespace, name).map(trees::of);
    }
}
