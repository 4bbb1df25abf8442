package io.pilothouse.machinery.meta;

/** A resource in one version of its group. */
public record GroupVersionResource(String group, String version, String resource) {

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public GroupResource groupResource() {
        return new GroupResource(group, resource);
    }

    /** Upstream's print: {@code apps/v1, Resource=deployments}. */
    @Override
    public String toString() {
        return group + "/" + version + ", Resource=" + resource;
    }
}
