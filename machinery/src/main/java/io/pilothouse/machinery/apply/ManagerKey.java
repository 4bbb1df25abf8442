package io.pilothouse.machinery.apply;

import io.pilothouse.machinery.gotext.GoText;
import java.util.Comparator;

/**
 * What tells managers apart.
 *
 * @param operation {@code Apply} or {@code Update}
 * @param apiVersion of an Update; an Apply has one entry whatever its version, so it is empty
 */
record ManagerKey(String manager, String operation, String apiVersion, String subresource)
        implements Comparable<ManagerKey> {
    private static final Comparator<ManagerKey> ORDER = Comparator.comparing(ManagerKey::manager)
            .thenComparing(ManagerKey::operation)
            .thenComparing(ManagerKey::apiVersion)
            .thenComparing(ManagerKey::subresource);

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
        return ORDER.compare(this, other);
    }
}
