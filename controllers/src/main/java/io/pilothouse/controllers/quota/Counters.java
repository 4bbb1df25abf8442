package io.pilothouse.controllers.quota;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.resource.v1.DeviceClass;
import io.fabric8.kubernetes.api.model.resource.v1.ResourceClaim;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.informers.KindWatches;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.machinery.quota.ClaimUsage;
import io.pilothouse.machinery.quota.DeviceClaimUsage;
import io.pilothouse.machinery.quota.PodUsage;
import io.pilothouse.machinery.quota.ServiceUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All counters: those of the kinds that use more than a place each, and one for every other kind that is served in namespaces. */
final class Counters {
    static final String PODS = "pods";
    static final String SERVICES = "services";
    static final String CLAIMS = "persistentvolumeclaims";
    static final String DEVICE_CLAIMS = "resourceclaims.resource.k8s.io";
    private static final String CREATE = "create";

    private final KindWatches kinds;
    private final Map<String, Counter> special;

    Counters(ControllerContext context, Trees trees, PodUsage podUsage) {
        this.kinds = context.kinds();
        var pods = context.cache(Pod.class);
        var services = context.cache(Service.class);
        var claims = context.cache(PersistentVolumeClaim.class);
        var deviceClaims = context.cache(ResourceClaim.class);
        var devices = new CachedDevices(trees, context.cache(DeviceClass.class), deviceClaims, pods);
        this.special = Map.of(
                PODS,
                Counter.each(podUsage, namespace -> trees.inNamespace(pods, namespace)),
                SERVICES,
                Counter.each(new ServiceUsage(), namespace -> trees.inNamespace(services, namespace)),
                CLAIMS,
                Counter.each(new ClaimUsage(), namespace -> trees.inNamespace(claims, namespace)),
                DEVICE_CLAIMS,
                Counter.each(
                        new DeviceClaimUsage(devices, podUsage),
                        namespace -> trees.inNamespace(deviceClaims, namespace)));
    }

    /** Whether it is known what kinds there are. */
    boolean areKnown() {
        return kinds.isDiscovered();
    }

    /** The counter of a kind that uses more than a place each. */
    Counter special(String resource) {
        return Optional.ofNullable(special.get(resource)).orElseThrow();
    }

    /** The counter of a kind's objects; empty where they are not counted, or by a special one. */
    Optional<Counter> of(ServedKind kind) {
        return kind.namespaced() && kind.verbs().contains(CREATE) && !special.containsKey(name(kind))
                ? Optional.of(new ObjectCounter(kinds, kind))
                : Optional.empty();
    }

    List<Counter> all() {
        List<Counter> out = new ArrayList<>(special.values());
        kinds.kinds().forEach(kind -> of(kind).ifPresent(out::add));
        return out;
    }

    private static String name(ServedKind kind) {
        return kind.group().isEmpty() ? kind.plural() : kind.plural() + "." + kind.group();
    }
}
