package io.pilothouse.machinery.apply;

import io.pilothouse.machinery.gotext.GoText;

/**
 * What tells managers apart.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param apiVersion of an Update; an Apply has one entry whatever its version, so it is empty
 */
record ManagerKey(String manager, String operation, String apiVersion, String subresource)
        implements Comparable<ManagerKey> {
    static ManagerKey apply(String manager, String subresource) {
        return new ManagerKey(manager, "Apply", "", subresource);
    }

    static ManagerKey update(String manager, String apiVersion, String subresource) {
        return new ManagerKey(manager, "Update", apiVersion, subresource);
    }

    boolean isApply() {
        return operation.equals("Apply");
    }

    /** The name in messages about conflicts. */
    String print() {
        String name =
                GoText.quote(manager) + (subresource.isEmpty() ? "" : " with subresource " + GoText.quote(subresource));
        return isApply() ? name : name + " using " + apiVersion;
    }

    @Override
    public int compareTo(ManagerKey other) {
        int order = manager.compareTo(other.manager);
        if (order == 0) {
            order = operation.compareTo(other.operation);
        }
        if (order == 0) {
            order = apiVersion.compareTo(other.apiVersion);
        }
        return order == 0 ? subresource.compareTo(other.subresource) : order;
    }
}
