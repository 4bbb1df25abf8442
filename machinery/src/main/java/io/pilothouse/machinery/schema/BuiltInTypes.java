package io.pilothouse.machinery.schema;

import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The types that Kubernetes 1.36 has built in. Immutable; load it once a process. */
public final class BuiltInTypes {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1";

    private final Map<String, TypeSchema> byName;
    private final Map<GroupVersionKind, TypeSchema> byKind = new HashMap<>();

    private BuiltInTypes(TypeTable table) {
        byName = Collections.unmodifiableMap(table.types());
        table.kinds().forEach(type -> {
            String name = type.name();
            GroupVersion gv = table.packages().get(name.substring(0, name.lastIndexOf('.')));
            if (gv != null) {
                byKind.putIfAbsent(gv.withKind(type.shortName()), type);
                if (name.startsWith(META)) {
                    byKind.put(new GroupVersionKind("meta.k8s.io", "v1", type.shortName()), type);
                }
            }
        });
    }

    /** Reads the table that is packed with this class. */
    public static BuiltInTypes load() {
        try (InputStream in = BuiltInTypes.class.getResourceAsStream("types.txt")) {
            if (in == null) {
                throw new IllegalStateException("types.txt is missing from the jar");
            }
            return new BuiltInTypes(new TypeTable(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The type of a kind; empty for one that is not built in. The options kinds are known as {@code v1} and {@code meta.k8s.io/v1}. */
    public Optional<TypeSchema> type(GroupVersionKind kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** The type of a name such as {@code io.k8s.api.core.v1.Pod}; fails on an unknown one. */
    public TypeSchema named(String name) {
        TypeSchema type = byName.get(name);
        if (type == null) {
            throw new IllegalArgumentException("no built-in type " + name);
        }
        return type;
    }

    /** All named types. */
    public Collection<TypeSchema> all() {
        return byName.values();
    }

    /** All kinds, lists among them. */
    public Map<GroupVersionKind, TypeSchema> kinds() {
        return Collections.unmodifiableMap(byKind);
    }
}
