package io.pilothouse.machinery.meta;

/** A resource of a group, in any version. */
public record GroupResource(String group, String resource) {

    /** Upstream's print: {@code deployments.apps}, or the resource alone in the core group. */
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
