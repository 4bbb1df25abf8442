package io.pilothouse.machinery.meta;

import org.jspecify.annotations.Nullable;

/** A resource of a group, in any version. */
public record GroupResource(String group, String resource) {

    // Said here: what the compiler would write is put together by generated code at its first call, which every start
    // would wait for.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GroupResource that && resource.equals(that.resource) && group.equals(that.group);
    }

    @Override
    public int hashCode() {
        return 31 * resource.hashCode() + group.hashCode();
    }

    /** Upstream's print: {@code deployments.apps}, or the resource alone in the core group. */
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
