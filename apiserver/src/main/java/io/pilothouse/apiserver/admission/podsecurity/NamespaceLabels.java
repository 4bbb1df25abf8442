package io.pilothouse.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Checks the labels of namespaces, and warns of pods that a stricter level would not have let in. */
final class NamespaceLabels {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final int MOST_PODS = 3000;

    private final ClusterView cluster;
    private final PodSecurityConfiguration configuration;

    NamespaceLabels(ClusterView cluster, PodSecurityConfiguration configuration) {
        this.cluster = cluster;
        this.configuration = configuration;
    }

    void check(AdmissionRequest request, ObjectNode namespace) {
        var labels = ObjectMeta.labels(namespace);
        var read = Policy.read(labels, configuration.defaults());
        var old = request.old();
        if (request.creates() || old == null) {
            refuse(request, read);
            warnOfExemption(request, namespace, read.policy(), labels);
            return;
        }
        var before = Policy.read(ObjectMeta.labels(old), configuration.defaults());
        if (!read.errors().equals(before.errors())) {
            refuse(request, read);
        }
        var enforce = read.policy().enforce();
        var was = before.policy().enforce();
        boolean looser = enforce.isPrivileged()
                || (enforce.minor() == was.minor() && enforce.level().compareTo(was.level()) <= 0);
        if (looser || warnOfExemption(request, namespace, read.policy(), labels)) {
            return;
        }
        warnings(ObjectMeta.name(namespace), enforce).forEach(request.notes()::warn);
    }

    private static void refuse(AdmissionRequest request, Policy.Read read) {
        if (!read.errors().isEmpty()) {
            throw StatusException.invalid(
                    new GroupKind(request.kind().group(), request.kind().kind()), request.name(), read.errors());
        }
    }

    /** Whether the namespace is exempt; says so where its labels would have an effect otherwise. */
    private boolean warnOfExemption(
            AdmissionRequest request, ObjectNode namespace, Policy policy, Map<String, String> labels) {
        if (!configuration.namespaces().contains(request.namespace())) {
            return false;
        }
        if (!policy.isFullyPrivileged() && !policy.equivalent(configuration.defaults())) {
            List<String> modes = new ArrayList<>();
            addMode("enforce", policy.enforce(), labels, modes);
            addMode("audit", policy.audit(), labels, modes);
            addMode("warn", policy.warn(), labels, modes);
            request.notes()
                    .warn("namespace " + GoText.quote(ObjectMeta.name(namespace))
                            + " is exempt from Pod Security, and the policy (" + String.join(", ", modes)
                            + ") will be ignored");
        }
        return true;
    }

    private static void addMode(String mode, LevelVersion level, Map<String, String> labels, List<String> modes) {
        if (!level.isPrivileged()
                && (labels.containsKey(Policy.PREFIX + mode)
                        || labels.containsKey(Policy.PREFIX + mode + "-version"))) {
            modes.add(mode + "=" + level);
        }
    }

    /** What the pods break that are there; of several that break the same, the first by name is named. */
    private List<String> warnings(String namespace, LevelVersion enforce) {
        var pods = ordered(cluster.list(PODS, namespace));
        int checked = Math.min(pods.size(), MOST_PODS);
        Map<String, List<String>> names = new TreeMap<>();
        for (var pod : pods.subList(0, checked)) {
            var found = Standards.check(enforce, new PodView(pod));
            if (!found.isEmpty()) {
                names.computeIfAbsent(Finding.reasons(found), r -> new ArrayList<>())
                        .add(ObjectMeta.name(pod));
            }
        }
        List<String> out = new ArrayList<>();
        if (checked < pods.size()) {
            out.add("new PodSecurity enforce level only checked against the first " + checked + " of " + pods.size()
                    + " existing pods");
        }
        if (!names.isEmpty()) {
            out.add("existing pods in namespace " + GoText.quote(namespace)
                    + " violate the new PodSecurity enforce level " + GoText.quote(enforce.toString()));
        }
        List<String> perPod = new ArrayList<>();
        names.forEach((reasons, broken) -> perPod.add(shown(broken) + ": " + reasons));
        perPod.sort(null);
        out.addAll(perPod);
        return out;
    }

    private static String shown(List<String> names) {
        names.sort(null);
        String first = names.getFirst();
        return switch (names.size()) {
            case 1 -> first;
            case 2 -> first + " (and 1 other pod)";
            default -> first + " (and " + (names.size() - 1) + " other pods)";
        };
    }

    /** One pod of each owner first: the others will be like it. */
    private List<ObjectNode> ordered(List<ObjectNode> pods) {
        var owners = new HashSet<String>();
        List<ObjectNode> first = new ArrayList<>();
        List<ObjectNode> more = new ArrayList<>();
        for (var pod : pods) {
            if (configuration
                    .runtimeClasses()
                    .contains(pod.path("spec").path("runtimeClassName").asText(""))) {
                continue;
            }
            boolean known = ObjectMeta.controller(pod)
                    .map(owner -> !owners.add(owner.path("uid").asText("")))
                    .orElse(false);
            (known ? more : first).add(pod);
        }
        first.addAll(more);
        return first;
    }
}
