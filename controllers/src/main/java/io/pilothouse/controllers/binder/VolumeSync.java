package io.pilothouse.controllers.binder;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Consumer;

/** What phase a volume is to be in, and whether it is to be bound or left. */
final class VolumeSync {
    private static final String MISMATCH = "VolumeMismatch";
    private static final String IN_TREE = "kubernetes.io/";
    private static final String IN_TREE_FINALIZER = "kubernetes.io/pv-controller";
    private static final String EXTERNAL_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

    private final ControllerContext context;
    private final Latest<PersistentVolumeClaim> claims;
    private final Writer writer;
    private final Reclaim reclaim;
    private final Consumer<Key> lookAtClaim;

    /** @param lookAtClaim asks for a claim to be synced */
    VolumeSync(
            ControllerContext context, Latest<PersistentVolumeClaim> claims, Writer writer, Consumer<Key> lookAtClaim) {
        this.context = context;
        this.claims = claims;
        this.writer = writer;
        this.reclaim = new Reclaim(writer);
        this.lookAtClaim = lookAtClaim;
    }

    void sync(PersistentVolume given) {
        var volume = noted(given);
        var reference = volume.getSpec().getClaimRef();
        if (reference == null || VolumeMatch.isEmpty(reference.getUid())) {
            writer.phase(volume, "Available");
            return;
        }
        var claim = claim(volume, new Key(reference.getNamespace(), reference.getName()));
        if (claim.isEmpty()) {
            release(volume);
        } else if (VolumeMatch.isEmpty(claim.get().getSpec().getVolumeName())) {
            unbound(volume, claim.get());
        } else if (volume.getMetadata().getName().equals(claim.get().getSpec().getVolumeName())) {
            writer.phase(volume, "Bound");
        } else if (Notes.has(volume, Notes.PROVISIONED_BY)
                && "Delete".equals(volume.getSpec().getPersistentVolumeReclaimPolicy())) {
            release(volume);
        } else {
            writer.unbind(volume);
        }
    }

    /** With the annotation and the finalizers that it is to have for its provisioner. */
    private PersistentVolume noted(PersistentVolume volume) {
        var copy = writer.copy(volume);
        boolean noted = Migration.note(copy, Notes.PROVISIONED_BY);
        var finalizers = new ArrayList<>(copy.getMetadata().getFinalizers());
        var maker = Notes.get(copy, Notes.PROVISIONED_BY);
        if (maker.isPresent() && Migration.driver(maker.get()).isPresent()) {
            finalizers.remove(IN_TREE_FINALIZER);
        } else if (maker.isPresent() && maker.get().startsWith(IN_TREE)) {
            boolean deletes = "Delete".equals(copy.getSpec().getPersistentVolumeReclaimPolicy());
            if (!deletes) {
                finalizers.remove(IN_TREE_FINALIZER);
            } else if (!finalizers.contains(IN_TREE_FINALIZER)) {
                finalizers.add(IN_TREE_FINALIZER);
            }
            finalizers.remove(EXTERNAL_FINALIZER);
        }
        boolean changed = !finalizers.equals(copy.getMetadata().getFinalizers());
        copy.getMetadata().setFinalizers(finalizers);
        return noted || changed ? writer.update(copy) : volume;
    }

    /** The claim that a volume is bound to. It is missing only when the server says so too, or says that another has its name. */
    private Optional<PersistentVolumeClaim> claim(PersistentVolume volume, Key key) {
        String uid = volume.getSpec().getClaimRef().getUid();
        var known = claims.find(key);
        if (known.filter(claim -> claim.getMetadata().getUid().equals(uid)).isPresent()) {
            return known;
        }
        if (known.isEmpty() && isReleased(volume)) {
            return Optional.empty();
        }
        return Optional.ofNullable(context.client()
                        .persistentVolumeClaims()
                        .inNamespace(key.namespace())
                        .withName(key.name())
                        .get())
                .filter(claim -> claim.getMetadata().getUid().equals(uid));
    }

    private static boolean isReleased(PersistentVolume volume) {
        String phase = Writer.phase(volume);
        return "Released".equals(phase) || "Failed".equals(phase);
    }

    private void release(PersistentVolume volume) {
        reclaim.apply(isReleased(volume) ? volume : writer.phase(volume, "Released"));
    }

    private void unbound(PersistentVolume volume, PersistentVolumeClaim claim) {
        if (VolumeMatch.mode(claim).equals(VolumeMatch.mode(volume))) {
            lookAtClaim.accept(Key.of(claim));
            return;
        }
        context.events()
                .warning(
                        volume,
                        MISMATCH,
                        "Cannot bind PersistentVolume to requested PersistentVolumeClaim \""
                                + claim.getMetadata().getName() + "\" due to incompatible volumeMode.");
        context.events()
                .warning(
                        claim,
                        MISMATCH,
                        "Cannot bind PersistentVolume \"" + volume.getMetadata().getName()
                                + "\" to requested PersistentVolumeClaim due to incompatible volumeMode.");
    }
}
