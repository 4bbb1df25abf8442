package io.pilothouse.controllers.admission;

import java.util.Comparator;

/** A kind in a version, in the order in which upstream names them. */
record ServedType(String group, String version, String kind) implements Comparable<ServedType> {
    private static final Comparator<ServedType> ORDER = Comparator.comparing(ServedType::group)
            .thenComparing(ServedType::version)
            .thenComparing(ServedType::kind);

    @Override
    public int compareTo(ServedType other) {
        return ORDER.compare(this, other);
    }

    /** As Go prints it. */
    @Override
    public String toString() {
        return group + "/" + version + ", Kind=" + kind;
    }
}
