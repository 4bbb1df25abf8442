package io.pilothouse.machinery.codec;

import org.jspecify.annotations.Nullable;

/** Where a reader stands in a tree; printed only when something is wrong there. */
record Trail(@Nullable Trail parent, String name, int index, boolean key) {
    static final Trail ROOT = new Trail(null, "", -1, false);

    Trail child(String field) {
        return new Trail(this, field, -1, false);
    }

    Trail index(int element) {
        return new Trail(this, "", element, false);
    }

    /** The entry of a map, which is told apart from a field only in Go's own words. */
    Trail key(String name) {
        return new Trail(this, name, -1, true);
    }

    /** The fields alone, without the places in lists and maps, as Go names them. */
    String fields() {
        if (parent == null) {
            return "";
        }
        String head = parent.fields();
        return index >= 0 || key ? head : head.isEmpty() ? name : head + "." + name;
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        String head = parent.toString();
        return index >= 0 ? head + "[" + index + "]" : head.isEmpty() ? name : head + "." + name;
    }
}
