package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says of schemas which kinds they are of, by which clients find the types of their objects. */
final class KindMarks {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final String EXTENSION = "x-kubernetes-group-version-kind";
    private static final GroupVersion CORE = new GroupVersion("", "v1");
    /** The kinds that every group has. */
    private static final List<String> EVERYWHERE = List.of("DeleteOptions", "WatchEvent");
    /** The groups and versions that upstream knows, served or not. */
    private static final List<String> KNOWN = List.of(
            "v1",
            "admission.k8s.io/v1,v1beta1",
            "admissionregistration.k8s.io/v1,v1alpha1,v1beta1",
            "apiextensions.k8s.io/v1,v1beta1",
            "apiregistration.k8s.io/v1,v1beta1",
            "apps/v1,v1beta1,v1beta2",
            "authentication.k8s.io/v1,v1alpha1,v1beta1",
            "authorization.k8s.io/v1,v1beta1",
            "autoscaling/v1,v2",
            "batch/v1,v1beta1",
            "certificates.k8s.io/v1,v1alpha1,v1beta1",
            "coordination.k8s.io/v1,v1alpha2,v1beta1",
            "discovery.k8s.io/v1,v1beta1",
            "events.k8s.io/v1,v1beta1",
            "extensions/v1beta1",
            "flowcontrol.apiserver.k8s.io/v1,v1beta1,v1beta2,v1beta3",
            "imagepolicy.k8s.io/v1alpha1",
            "internal.apiserver.k8s.io/v1alpha1",
            "networking.k8s.io/v1,v1beta1",
            "node.k8s.io/v1,v1alpha1,v1beta1",
            "policy/v1,v1beta1",
            "rbac.authorization.k8s.io/v1,v1alpha1,v1beta1",
            "resource.k8s.io/v1,v1alpha3,v1beta1,v1beta2",
            "scheduling.k8s.io/v1,v1alpha2,v1beta1",
            "storage.k8s.io/v1,v1alpha1,v1beta1",
            "storagemigration.k8s.io/v1beta1");

    private final Map<String, List<GroupVersionKind>> byType = new HashMap<>();

    KindMarks(BuiltInTypes types) {
        types.kinds().forEach((kind, type) -> {
            if (!kind.group().equals("meta.k8s.io")) {
                byType.computeIfAbsent(type.name(), n -> new ArrayList<>()).add(kind);
            }
        });
        var versions = KNOWN.stream().flatMap(KindMarks::versions).toList();
        for (String kind : EVERYWHERE) {
            byType.put(META + kind, versions.stream().map(v -> v.withKind(kind)).toList());
        }
    }

    private static java.util.stream.Stream<GroupVersion> versions(String entry) {
        int slash = entry.indexOf('/');
        String group = slash < 0 ? "" : entry.substring(0, slash);
        return List.of(entry.substring(slash + 1).split(",", -1)).stream().map(v -> new GroupVersion(group, v));
    }

    /**
     * Marks the schema of a type.
     *
     * @param of the group version that the document is of: it tells of that one and the core group alone; empty for one of all
     */
    void mark(String type, ObjectNode schema, Optional<GroupVersion> of) {
        var kinds = byType.getOrDefault(type, List.of()).stream()
                .filter(k -> !isEverywhere(type)
                        || of.isEmpty()
                        || k.groupVersion().equals(CORE)
                        || k.groupVersion().equals(of.get()))
                .sorted(Comparator.comparing(GroupVersionKind::group).thenComparing(GroupVersionKind::version))
                .toList();
        if (!kinds.isEmpty()) {
            ArrayNode list = schema.putArray(EXTENSION);
            kinds.forEach(k -> list.addObject()
                    .put("group", k.group())
                    .put("kind", k.kind())
                    .put("version", k.version()));
        }
    }

    private static boolean isEverywhere(String type) {
        return type.startsWith(META) && EVERYWHERE.contains(type.substring(META.length()));
    }
}
