package io.pilothouse.machinery.meta;

/** A kind of a group, in any version. */
public record GroupKind(String group, String kind) {

    /** Upstream's print: {@code Deployment.apps}, or the kind alone in the core group. */
    @Override
    public String toString() {
        return group.isEmpty() ? kind : kind + "." + group;
    }
}
