package io.pilothouse.controllers.statefulset;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.pilothouse.controllers.pods.PodControl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The identity of a stateful set's pods: name, labels, host name and claims follow from the ordinal. */
final class StatefulPods {
    static final String REVISION = "controller-revision-hash";
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private StatefulPods() {}

    /** The ordinal in a pod's name; -1 if the name is not one of the set's. */
    static int ordinal(StatefulSet set, Pod pod) {
        String prefix = set.getMetadata().getName() + "-";
        String name = pod.getMetadata().getName();
        String digits = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return digits.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(digits) : -1;
    }

    /** The first ordinal. */
    static int start(StatefulSet set) {
        return set.getSpec().getOrdinals() == null
                ? 0
                : Objects.requireNonNullElse(set.getSpec().getOrdinals().getStart(), 0);
    }

    /** How many there shall be. */
    static int wanted(StatefulSet set) {
        return Objects.requireNonNullElse(set.getSpec().getReplicas(), 1);
    }

    /** Whether a pod is one of those that shall be. */
    static boolean isWanted(StatefulSet set, Pod pod) {
        int ordinal = ordinal(set, pod);
        return ordinal >= start(set) && ordinal < start(set) + wanted(set);
    }

    /** The revision that a pod was made of. */
    static String revision(Pod pod) {
        var labels = pod.getMetadata().getLabels();
        return labels == null ? "" : labels.getOrDefault(REVISION, "");
    }

    /** The pod of an ordinal, as a revision's template has it. */
    static Pod pod(StatefulSet set, PodTemplateSpec template, String revision, int ordinal) {
        String name = set.getMetadata().getName() + "-" + ordinal;
        Pod plain = new PodBuilder(PodControl.of(template, set))
                .editMetadata()
                .withGenerateName(null)
                .withName(name)
                .addToLabels(REVISION, revision)
                .endMetadata()
                .build();
        Pod pod = identified(set, plain);
        return new PodBuilder(pod)
                .editSpec()
                .withHostname(name)
                .withSubdomain(set.getSpec().getServiceName())
                .endSpec()
                .build();
    }

    /** The pod with the labels and the claims that its name asks for. */
    static Pod identified(StatefulSet set, Pod pod) {
        int ordinal = ordinal(set, pod);
        var claims = claims(set, ordinal);
        Set<String> named = claims.keySet();
        List<Volume> volumes = new ArrayList<>();
        claims.forEach((volume, claim) -> volumes.add(new VolumeBuilder()
                .withName(volume)
                .withNewPersistentVolumeClaim()
                .withClaimName(claim.getMetadata().getName())
                .endPersistentVolumeClaim()
                .build()));
        pod.getSpec().getVolumes().stream()
                .filter(volume -> !named.contains(volume.getName()))
                .forEach(volumes::add);
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(POD_NAME, pod.getMetadata().getName())
                .addToLabels(POD_INDEX, String.valueOf(ordinal))
                .endMetadata()
                .editSpec()
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    /** Whether a pod has what {@link #identified} gives. */
    static boolean isIdentified(StatefulSet set, Pod pod) {
        int ordinal = ordinal(set, pod);
        Map<String, String> labels =
                Objects.requireNonNullElse(pod.getMetadata().getLabels(), Map.of());
        return pod.getMetadata().getName().equals(labels.get(POD_NAME))
                && String.valueOf(ordinal).equals(labels.get(POD_INDEX))
                && claims(set, ordinal).entrySet().stream()
                        .allMatch(claim ->
                                claim.getValue().getMetadata().getName().equals(claimOf(pod, claim.getKey())));
    }

    private static @Nullable String claimOf(Pod pod, String volume) {
        return pod.getSpec().getVolumes().stream()
                .filter(each -> each.getName().equals(volume) && each.getPersistentVolumeClaim() != null)
                .map(each -> each.getPersistentVolumeClaim().getClaimName())
                .findFirst()
                .orElse(null);
    }

    /** The claims of an ordinal, by the names of their volumes. */
    static Map<String, PersistentVolumeClaim> claims(StatefulSet set, int ordinal) {
        return set.getSpec().getVolumeClaimTemplates().stream()
                .collect(Collectors.toMap(
                        template -> template.getMetadata().getName(),
                        template -> claim(set, template, ordinal),
                        (one, other) -> one,
                        java.util.LinkedHashMap::new));
    }

    private static PersistentVolumeClaim claim(StatefulSet set, PersistentVolumeClaim template, int ordinal) {
        Map<String, String> labels =
                new HashMap<>(Objects.requireNonNullElse(template.getMetadata().getLabels(), Map.of()));
        labels.putAll(Objects.requireNonNullElse(set.getSpec().getSelector().getMatchLabels(), Map.of()));
        return new PersistentVolumeClaimBuilder(template)
                .editMetadata()
                .withName(template.getMetadata().getName() + "-"
                        + set.getMetadata().getName() + "-" + ordinal)
                .withNamespace(set.getMetadata().getNamespace())
                .withLabels(labels)
                .endMetadata()
                .withStatus(null)
                .build();
    }
}
