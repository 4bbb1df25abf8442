package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.CSIDriver;
import io.fabric8.kubernetes.api.model.storage.CSIStorageCapacity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.pilothouse.controllers.binder.Classes;
import io.pilothouse.controllers.binder.Notes;
import io.pilothouse.controllers.binder.VolumeMatch;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.PodControl;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The claims of pods. Which nodes they allow is asked by the thread that decides, which also reserves; the writes, and the wait for the binder of the
 * controllers and for provisioners, are done by others.
 */
public final class VolumeBinder {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private final KubernetesClient client;
    private final Cache<Pod> pods;
    private final Cache<Node> nodes;
    private final Assumed<PersistentVolumeClaim> claims;
    private final Assumed<PersistentVolume> volumes;
    private final PodClaims reader;
    private final NodeVolumes fits;

    /** @param changed called whenever something changes that may help a pod */
    public VolumeBinder(ControllerContext context, Runnable changed) {
        var storage = context.cache(StorageClass.class);
        var drivers = context.cache(CSIDriver.class);
        var capacities = context.cache(CSIStorageCapacity.class);
        var claimCache = context.cache(PersistentVolumeClaim.class);
        var volumeCache = context.cache(PersistentVolume.class);
        this.client = context.client();
        this.pods = context.cache(Pod.class);
        this.nodes = context.cache(Node.class);
        this.claims = new Assumed<>(claimCache);
        this.volumes = new Assumed<>(volumeCache);
        var classes = new Classes(storage);
        this.reader = new PodClaims(claims, classes);
        this.fits = new NodeVolumes(volumes, classes, new Capacities(drivers, capacities));
        for (var cache : List.of(storage, drivers, capacities, claimCache, volumeCache)) {
            cache.onAny(object -> changed.run());
        }
    }

    /** A binding did not come about. */
    public static final class BindException extends Exception {
        private static final long serialVersionUID = 1L;

        BindException(String message) {
            super(message);
        }
    }

    /** Why a pod can run nowhere, whatever the nodes are like; in upstream's words. */
    public Optional<String> refusal(Pod pod) {
        try {
            reader.of(pod);
            return Optional.empty();
        } catch (PodClaims.UnusableException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** The claims of a pod that is not refused. */
    public Claims claims(Pod pod) {
        try {
            return reader.of(pod);
        } catch (PodClaims.UnusableException e) {
            return Claims.NONE;
        }
    }

    /** The names of a pod's claims that no other pod may use at the same time. */
    public Set<String> exclusive(Pod pod) {
        return pod.getSpec().getVolumes().stream()
                .filter(volume -> volume.getPersistentVolumeClaim() != null)
                .map(volume -> volume.getPersistentVolumeClaim().getClaimName())
                .filter(name -> claims.find(new Key(pod.getMetadata().getNamespace(), name))
                        .filter(claim -> claim.getSpec().getAccessModes().contains("ReadWriteOncePod"))
                        .isPresent())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What speaks against a node; in upstream's words. */
    public List<String> reasons(Claims claims, Node node) {
        return fits.fit(claims, node).reasons();
    }

    /**
     * Reserves what the pod needs on a node.
     *
     * @throws BindException if it cannot have that any more
     */
    public VolumePlan reserve(Pod pod, String node) throws BindException {
        Claims wanted;
        try {
            wanted = reader.of(pod);
        } catch (PodClaims.UnusableException e) {
            throw new BindException(String.valueOf(e.getMessage()));
        }
        if (wanted.waiting().isEmpty()) {
            return VolumePlan.NOTHING;
        }
        var found = nodes.find("", node);
        var fit = found.map(one -> fits.fit(wanted, one));
        if (fit.isEmpty() || !fit.get().reasons().isEmpty()) {
            throw new BindException("node \"" + node + "\" does not suit the pod's volumes any more");
        }
        var bindings = new ArrayList<VolumePlan.Binding>();
        for (var binding : fit.get().plan().bindings()) {
            var copy = copy(binding.volume());
            if (VolumeMatch.reserve(copy, binding.claim())) {
                volumes.assume(copy);
            }
            bindings.add(new VolumePlan.Binding(copy, binding.claim()));
        }
        var provisions = new ArrayList<PersistentVolumeClaim>();
        for (var claim : fit.get().plan().provisions()) {
            var copy = copy(claim);
            Notes.put(copy, Notes.SELECTED_NODE, node);
            claims.assume(copy);
            provisions.add(copy);
        }
        return new VolumePlan(bindings, provisions);
    }

    private <T extends HasMetadata> T copy(T object) {
        return client.getKubernetesSerialization().clone(object);
    }

    /** Nothing of it counts any more; what was written stays written. */
    public void release(VolumePlan plan) {
        plan.bindings().forEach(binding -> volumes.forget(binding.volume()));
        plan.provisions().forEach(claims::forget);
    }

    /**
     * Writes what was reserved, and waits until all claims are bound; ten minutes at most.
     *
     * @throws BindException with upstream's words
     */
    public void bind(Pod pod, String node, VolumePlan plan) throws BindException, InterruptedException {
        if (plan.isEmpty()) {
            return;
        }
        var written = write(plan);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isBound(pod, node, written)) {
            if (System.nanoTime() > deadline) {
                throw new BindException("binding volumes: context deadline exceeded");
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    private VolumePlan write(VolumePlan plan) throws BindException {
        try {
            var bindings = new ArrayList<VolumePlan.Binding>();
            for (var binding : plan.bindings()) {
                var volume = client.resource(binding.volume()).update();
                volumes.assume(volume);
                bindings.add(new VolumePlan.Binding(volume, binding.claim()));
            }
            var provisions = new ArrayList<PersistentVolumeClaim>();
            for (var claim : plan.provisions()) {
                var written = client.resource(claim).update();
                claims.assume(written);
                provisions.add(written);
            }
            return new VolumePlan(bindings, provisions);
        } catch (KubernetesClientException e) {
            throw new BindException(PodControl.reason(e));
        }
    }

    private boolean isBound(Pod pod, String nodeName, VolumePlan plan) throws BindException {
        var node = nodes.find("", nodeName)
                .orElseThrow(() -> new BindException("binding volumes: failed to get node \"" + nodeName + "\": node \""
                        + nodeName + "\" not found"));
        if (pods.find(Key.of(pod)).isEmpty()) {
            throw new BindException("binding volumes: pod does not exist any more: pod \""
                    + pod.getMetadata().getName() + "\" not found");
        }
        for (var binding : plan.bindings()) {
            if (!isBound(binding, node)) {
                return false;
            }
        }
        for (var claim : plan.provisions()) {
            if (!isProvisioned(claim, node)) {
                return false;
            }
        }
        return true;
    }

    private boolean isBound(VolumePlan.Binding binding, Node node) throws BindException {
        String name = binding.volume().getMetadata().getName();
        var volume = volumes.shown(Key.of(binding.volume()))
                .orElseThrow(() -> new BindException(
                        "binding volumes: failed to check binding: could not find v1.PersistentVolume \"" + name
                                + "\""));
        var claim = claim(binding.claim(), "failed to check binding");
        if (Assumed.isOlder(volume, binding.volume())) {
            return false;
        }
        requireReached(volume, node);
        var reference = volume.getSpec().getClaimRef();
        if (reference == null
                || reference.getUid() == null
                || reference.getUid().isEmpty()) {
            throw new BindException("binding volumes: ClaimRef got reset for pv \"" + name + "\"");
        }
        return PodClaims.isBound(claim);
    }

    private PersistentVolumeClaim claim(PersistentVolumeClaim wanted, String what) throws BindException {
        var key = Key.of(wanted);
        return claims.shown(key)
                .orElseThrow(() -> new BindException(
                        "binding volumes: " + what + ": could not find v1.PersistentVolumeClaim \"" + key + "\""));
    }

    private boolean isProvisioned(PersistentVolumeClaim written, Node node) throws BindException {
        var claim = claim(written, "failed to check provisioning pvc");
        if (Assumed.isOlder(claim, written)) {
            return false;
        }
        String name = claim.getMetadata().getName();
        if (Notes.get(claim, Notes.SELECTED_NODE)
                .filter(node.getMetadata().getName()::equals)
                .isEmpty()) {
            // Whoever makes volumes takes the annotation away when that fails.
            throw new BindException("binding volumes: provisioning failed for PVC \"" + name + "\"");
        }
        String volumeName = claim.getSpec().getVolumeName();
        if (volumeName != null && !volumeName.isEmpty()) {
            var volume = volumes.shown(new Key("", volumeName));
            if (volume.isEmpty()) {
                return false;
            }
            requireReached(volume.get(), node);
        }
        return PodClaims.isBound(claim);
    }

    private static void requireReached(PersistentVolume volume, Node node) throws BindException {
        if (!NodeVolumes.reaches(volume, node)) {
            throw new BindException(
                    "binding volumes: pv \"" + volume.getMetadata().getName()
                            + "\" node affinity doesn't match node \""
                            + node.getMetadata().getName()
                            + "\": no matching NodeSelectorTerms");
        }
    }
}
