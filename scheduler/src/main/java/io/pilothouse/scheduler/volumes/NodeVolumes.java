package io.pilothouse.scheduler.volumes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.pilothouse.controllers.binder.Classes;
import io.pilothouse.controllers.binder.Notes;
import io.pilothouse.controllers.binder.VolumeMatch;
import io.pilothouse.controllers.objects.NodeSelectors;
import io.pilothouse.controllers.workqueue.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the claims of a pod need on a node. */
record NodeVolumes(Assumed<PersistentVolume> volumes, Classes classes, Capacities capacities) {
    private static final String NO_PROVISIONER = "kubernetes.io/no-provisioner";

    /**
     * What was found.
     *
     * @param reasons against the node, in upstream's words
     * @param plan for the node, where there is none
     */
    record Fit(List<String> reasons, VolumePlan plan) {
        static final Fit FINE = new Fit(List.of(), VolumePlan.NOTHING);

        static Fit against(List<String> reasons) {
            return new Fit(reasons, VolumePlan.NOTHING);
        }
    }

    Fit fit(Claims claims, Node node) {
        if (claims.bound().isEmpty() && claims.waiting().isEmpty()) {
            return Fit.FINE;
        }
        var reasons = new ArrayList<String>();
        var bound = bound(claims.bound(), node);
        bound.filter(reason -> reason.equals(Reasons.NODE)).ifPresent(reasons::add);
        var fit = waiting(claims.waiting(), node);
        reasons.addAll(fit.reasons());
        bound.filter(reason -> !reason.equals(Reasons.NODE)).ifPresent(reasons::add);
        return reasons.isEmpty() ? fit : Fit.against(reasons);
    }

    /** Upstream's words. */
    private static final class Reasons {
        static final String NODE = "node(s) didn't match PersistentVolume's node affinity";
        static final String NONE = "node(s) didn't find available persistent volumes to bind";
        static final String SPACE = "node(s) did not have enough free storage";
        static final String GONE = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";
    }

    private Optional<String> bound(List<PersistentVolumeClaim> claims, Node node) {
        for (var claim : claims) {
            var volume = volumes.find(new Key("", claim.getSpec().getVolumeName()));
            if (volume.isEmpty()) {
                return Optional.of(Reasons.GONE);
            }
            if (!reaches(volume.get(), node)) {
                return Optional.of(Reasons.NODE);
            }
        }
        return Optional.empty();
    }

    /** Whether a volume can be used on a node. */
    static boolean reaches(PersistentVolume volume, Node node) {
        var affinity = volume.getSpec().getNodeAffinity();
        return affinity == null
                || affinity.getRequired() == null
                || NodeSelectors.matches(
                        affinity.getRequired(), node.getMetadata().getName(), labels(node));
    }

    private static Map<String, String> labels(Node node) {
        return Objects.requireNonNullElse(node.getMetadata().getLabels(), Map.of());
    }

    private Fit waiting(List<PersistentVolumeClaim> claims, Node node) {
        if (claims.isEmpty()) {
            return Fit.FINE;
        }
        var provisions = new ArrayList<PersistentVolumeClaim>();
        var open = new ArrayList<PersistentVolumeClaim>();
        for (var claim : claims) {
            var selected = Notes.get(claim, Notes.SELECTED_NODE);
            if (selected.filter(name -> !name.equals(node.getMetadata().getName()))
                    .isPresent()) {
                return Fit.against(List.of(Reasons.NONE));
            }
            (selected.isPresent() ? provisions : open).add(claim);
        }
        // The smallest first: they are to get the smallest volumes.
        open.sort(Comparator.comparing(VolumeMatch::requested));
        var bindings = new ArrayList<VolumePlan.Binding>();
        var taken = new HashSet<String>();
        for (var claim : open) {
            var found = VolumeMatch.reached(claim, candidates(claim, taken), volume -> reaches(volume, node));
            if (found.isEmpty()) {
                provisions.add(claim);
            } else {
                taken.add(found.get().getMetadata().getName());
                bindings.add(new VolumePlan.Binding(found.get(), claim));
            }
        }
        for (var claim : provisions) {
            var reason = provision(claim, node);
            if (reason.isPresent()) {
                return Fit.against(List.of(reason.get()));
            }
        }
        return new Fit(List.of(), new VolumePlan(bindings, provisions));
    }

    private List<PersistentVolume> candidates(PersistentVolumeClaim claim, HashSet<String> taken) {
        String wanted = Classes.of(claim);
        return volumes.all().stream()
                .filter(volume -> Classes.of(volume).equals(wanted)
                        && !taken.contains(volume.getMetadata().getName()))
                .toList();
    }

    /** Why no volume can be made for a claim on a node. */
    private Optional<String> provision(PersistentVolumeClaim claim, Node node) {
        var storage = classes.find(Classes.of(claim));
        if (storage.isEmpty()
                || storage.get().getProvisioner().isEmpty()
                || storage.get().getProvisioner().equals(NO_PROVISIONER)
                || !allows(storage.get(), labels(node))) {
            return Optional.of(Reasons.NONE);
        }
        return capacities.suffice(claim, storage.get(), labels(node)) ? Optional.empty() : Optional.of(Reasons.SPACE);
    }

    private static boolean allows(StorageClass storage, Map<String, String> labels) {
        var terms = storage.getAllowedTopologies();
        return terms == null
                || terms.isEmpty()
                || terms.stream()
                        .map(term -> term.getMatchLabelExpressions())
                        .anyMatch(all -> !all.isEmpty()
                                && all.stream()
                                        .allMatch(one -> labels.containsKey(one.getKey())
                                                && one.getValues().contains(labels.get(one.getKey()))));
    }
}
