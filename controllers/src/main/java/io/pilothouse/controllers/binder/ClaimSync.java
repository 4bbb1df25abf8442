package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.pods.PodStates;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a claim is to have. */
final class ClaimSync {
    private static final String FAILED_BINDING = "FailedBinding";

    private final ControllerContext context;
    private final Latest<PersistentVolume> volumes;
    private final Cache<Pod> pods;
    private final Classes classes;
    private final Writer writer;
    private final Provisioning provisioning;

    ClaimSync(ControllerContext context, Latest<PersistentVolume> volumes, Classes classes, Writer writer) {
        this.context = context;
        this.volumes = volumes;
        this.pods = context.cache(Pod.class);
        this.classes = classes;
        this.writer = writer;
        this.provisioning = new Provisioning(context, writer, classes);
    }

    void sync(PersistentVolumeClaim given) {
        var claim = given;
        var copy = writer.copy(given);
        if (Migration.note(copy, Notes.PROVISIONER, Notes.OLD_PROVISIONER)) {
            claim = writer.update(copy);
        }
        String name = claim.getSpec().getVolumeName();
        boolean named = !VolumeMatch.isEmpty(name);
        if (Notes.has(claim, Notes.BIND_COMPLETED)) {
            bound(claim, named ? volumes.find(new Key("", name)) : Optional.empty(), named);
        } else if (named) {
            requested(claim, volumes.find(new Key("", name)));
        } else {
            anyVolume(claim);
        }
    }

    private void anyVolume(PersistentVolumeClaim claim) {
        boolean waits = classes.waits(claim);
        var best = VolumeMatch.best(claim, volumes.all(), waits);
        if (best.isPresent()) {
            writer.bind(best.get(), claim);
            return;
        }
        var usual = Classes.isSaid(claim) ? Optional.<String>empty() : usualClass();
        if (usual.isPresent()) {
            // The claim comes again with its class.
            var copy = writer.copy(claim);
            copy.getSpec().setStorageClassName(usual.get());
            writer.update(copy);
            return;
        }
        if (waits && !Notes.has(claim, Notes.SELECTED_NODE)) {
            tellWhatItWaitsFor(claim);
        } else if (!Classes.of(claim).isEmpty()) {
            provisioning.ask(claim);
            return;
        } else {
            context.events()
                    .normal(
                            claim,
                            FAILED_BINDING,
                            "no persistent volumes available for this claim and no storage class is set");
        }
        writer.status(claim, "Pending", null);
    }

    private Optional<String> usualClass() {
        return classes.usual().map(found -> found.getMetadata().getName());
    }

    private void tellWhatItWaitsFor(PersistentVolumeClaim claim) {
        String name = claim.getMetadata().getName();
        List<String> waiting = pods.inNamespace(claim.getMetadata().getNamespace()).stream()
                .filter(pod -> uses(pod, name)
                        && !PodStates.isFinished(pod)
                        && PodStates.node(pod).isEmpty())
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .toList();
        if (waiting.isEmpty()) {
            context.events()
                    .normal(claim, "WaitForFirstConsumer", "waiting for first consumer to be created before binding");
        } else {
            context.events()
                    .normal(
                            claim,
                            "WaitForPodScheduled",
                            "waiting for pod" + (waiting.size() > 1 ? "s " : " ") + String.join(",", waiting)
                                    + " to be scheduled");
        }
    }

    private static boolean uses(Pod pod, String claim) {
        return Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.<io.fabric8.kubernetes.api.model.Volume>of())
                .stream()
                .anyMatch(volume -> (volume.getPersistentVolumeClaim() != null
                                && claim.equals(
                                        volume.getPersistentVolumeClaim().getClaimName()))
                        || (volume.getEphemeral() != null
                                && claim.equals(pod.getMetadata().getName() + "-" + volume.getName())));
    }

    private void requested(PersistentVolumeClaim claim, Optional<PersistentVolume> found) {
        if (found.isEmpty()) {
            writer.status(claim, "Pending", null);
            return;
        }
        PersistentVolume volume = found.get();
        String name = volume.getMetadata().getName();
        if (volume.getSpec().getClaimRef() == null) {
            var mismatch = VolumeMatch.mismatch(volume, claim);
            if (mismatch.isEmpty()) {
                writer.bind(volume, claim);
                return;
            }
            context.events()
                    .warning(
                            claim,
                            "VolumeMismatch",
                            "Cannot bind to requested volume \"" + name + "\": " + mismatch.get());
            writer.status(claim, "Pending", null);
        } else if (VolumeMatch.isMeantFor(volume, claim)) {
            writer.bind(volume, claim);
        } else {
            context.events()
                    .warning(claim, FAILED_BINDING, "volume \"" + name + "\" already bound to a different claim.");
            if (!Notes.has(claim, Notes.BOUND_BY_CONTROLLER)) {
                writer.status(claim, "Pending", null);
            }
        }
    }

    private void bound(PersistentVolumeClaim claim, Optional<PersistentVolume> found, boolean named) {
        if (!named) {
            writer.lose(
                    claim,
                    "ClaimLost",
                    "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!");
        } else if (found.isEmpty()) {
            writer.lose(claim, "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!");
        } else {
            var reference = found.get().getSpec().getClaimRef();
            if (reference == null || claim.getMetadata().getUid().equals(reference.getUid())) {
                writer.bind(found.get(), claim);
            } else {
                writer.lose(
                        claim,
                        "ClaimMisbound",
                        "Two claims are bound to the same volume, this one is bound incorrectly");
            }
        }
    }
}
