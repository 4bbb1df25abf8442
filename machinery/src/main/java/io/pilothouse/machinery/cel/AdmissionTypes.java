package io.pilothouse.machinery.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The types that admission expressions know: requests and namespaces, and, where patches are made, objects of any shape. */
final class AdmissionTypes {
    private static final String OBJECT = "Object";
    private static final CelType STRINGS = ListType.create(SimpleType.STRING);
    private static final CelType TEXTS = MapType.create(SimpleType.STRING, SimpleType.STRING);

    private final Map<String, StructType> known = new LinkedHashMap<>();
    private final boolean patches;
    private final ImmutableSet<String> names;
    private final StructType request;
    private final StructType namespace;

    /** @param names the fields that objects of any shape have: all that an expression speaks of */
    AdmissionTypes(boolean patches, ImmutableSet<String> names) {
        this.patches = patches;
        this.names = names;
        this.request = requestType();
        this.namespace = namespaceType();
        if (patches) {
            struct(
                    "JSONPatch",
                    Map.of(
                            "op", SimpleType.STRING,
                            "path", SimpleType.STRING,
                            "from", SimpleType.STRING,
                            "value", SimpleType.DYN));
        }
    }

    StructType request() {
        return request;
    }

    StructType namespace() {
        return namespace;
    }

    void add(StructType type) {
        known.put(type.name(), type);
    }

    private StructType requestType() {
        CelType kind = struct(
                "kubernetes.GroupVersionKind",
                Map.of("group", SimpleType.STRING, "version", SimpleType.STRING, "kind", SimpleType.STRING));
        CelType resource = struct(
                "kubernetes.GroupVersionResource",
                Map.of("group", SimpleType.STRING, "version", SimpleType.STRING, "resource", SimpleType.STRING));
        CelType user = struct(
                "kubernetes.UserInfo",
                Map.of(
                        "username",
                        SimpleType.STRING,
                        "uid",
                        SimpleType.STRING,
                        "groups",
                        STRINGS,
                        "extra",
                        MapType.create(SimpleType.STRING, STRINGS)));
        return struct(
                "kubernetes.AdmissionRequest",
                Map.ofEntries(
                        Map.entry("kind", kind),
                        Map.entry("resource", resource),
                        Map.entry("subResource", SimpleType.STRING),
                        Map.entry("requestKind", kind),
                        Map.entry("requestResource", resource),
                        Map.entry("requestSubResource", SimpleType.STRING),
                        Map.entry("name", SimpleType.STRING),
                        Map.entry("namespace", SimpleType.STRING),
                        Map.entry("operation", SimpleType.STRING),
                        Map.entry("userInfo", user),
                        Map.entry("dryRun", SimpleType.BOOL),
                        Map.entry("options", SimpleType.DYN)));
    }

    /** Namespaces without what nobody needs of them, such as owners; {@code UID} is upstream's spelling. */
    private StructType namespaceType() {
        CelType condition = struct(
                "kubernetes.NamespaceCondition",
                Map.of(
                        "status", SimpleType.STRING,
                        "type", SimpleType.STRING,
                        "lastTransitionTime", SimpleType.TIMESTAMP,
                        "message", SimpleType.STRING,
                        "reason", SimpleType.STRING));
        CelType metadata = struct(
                "kubernetes.NamespaceMetadata",
                Map.ofEntries(
                        Map.entry("name", SimpleType.STRING),
                        Map.entry("generateName", SimpleType.STRING),
                        Map.entry("namespace", SimpleType.STRING),
                        Map.entry("labels", TEXTS),
                        Map.entry("annotations", TEXTS),
                        Map.entry("UID", SimpleType.STRING),
                        Map.entry("creationTimestamp", SimpleType.TIMESTAMP),
                        Map.entry("deletionGracePeriodSeconds", SimpleType.INT),
                        Map.entry("deletionTimestamp", SimpleType.TIMESTAMP),
                        Map.entry("generation", SimpleType.INT),
                        Map.entry("resourceVersion", SimpleType.STRING),
                        Map.entry("finalizers", STRINGS)));
        CelType spec = struct("kubernetes.NamespaceSpec", Map.of("finalizers", STRINGS));
        CelType status = struct(
                "kubernetes.NamespaceStatus",
                Map.of("conditions", ListType.create(condition), "phase", SimpleType.STRING));
        return struct("kubernetes.Namespace", Map.of("metadata", metadata, "spec", spec, "status", status));
    }

    private StructType struct(String name, Map<String, CelType> all) {
        ImmutableMap<String, CelType> fields = ImmutableMap.copyOf(all);
        StructType type = StructType.create(
                name, ImmutableSet.copyOf(fields.keySet()), field -> Optional.ofNullable(fields.get(field)));
        add(type);
        return type;
    }

    /** All types that were made, and objects of any shape. */
    CelTypeProvider provider() {
        return new Provider(ImmutableMap.copyOf(known), patches, names);
    }

    private static final class Provider implements CelTypeProvider {
        private final ImmutableMap<String, StructType> known;
        private final boolean patches;
        private final ImmutableSet<String> names;

        Provider(ImmutableMap<String, StructType> known, boolean patches, ImmutableSet<String> names) {
            this.known = known;
            this.patches = patches;
            this.names = names;
        }

        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(known.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            if (patches && (name.equals(OBJECT) || name.startsWith(OBJECT + "."))) {
                return Optional.of(StructType.create(name, names, field -> Optional.of(SimpleType.DYN)));
            }
            return Optional.ofNullable(known.get(name));
        }
    }
}
