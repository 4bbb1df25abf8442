package io.pilothouse.machinery.meta;

import org.jspecify.annotations.Nullable;

/** An API group and one of its versions; the core group's name is empty. */
public record GroupVersion(String group, String version) {

    /** Reads {@code v1} or {@code apps/v1}; fails with upstream's words on more than one slash. */
    public static GroupVersion parse(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        if (slash < 0) {
            return new GroupVersion("", apiVersion);
        }
        if (apiVersion.indexOf('/', slash + 1) >= 0) {
            throw new IllegalArgumentException("unexpected GroupVersion string: " + apiVersion);
        }
        return new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
    }

    /** The form that stands in an object's {@code apiVersion}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public GroupVersionKind withKind(String kind) {
        return new GroupVersionKind(group, version, kind);
    }

    public GroupVersionResource withResource(String resource) {
        return new GroupVersionResource(group, version, resource);
    }

    // Said here: what the compiler would write is put together by generated code at its first call, which every start
    // would wait for.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupVersion that && version.equals(that.version) && group.equals(that.group);
    }

    @Override
    public int hashCode() {
        return 31 * version.hashCode() + group.hashCode();
    }

    @Override
    public String toString() {
        return apiVersion();
    }
}
