package io.pilothouse.machinery.codec;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Where a reader stands in a tree; printed only when something is wrong there, in one pass however deep it stands. */
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
        StringBuilder out = new StringBuilder();
        for (Trail step : steps()) {
            if (step.index < 0 && !step.key) {
                out.append(out.isEmpty() ? "" : ".").append(step.name);
            }
        }
        return out.toString();
    }

    private Deque<Trail> steps() {
        Deque<Trail> steps = new ArrayDeque<>();
        for (Trail at = this; at.parent != null; at = at.parent) {
            steps.push(at);
        }
        return steps;
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        for (Trail step : steps()) {
            if (step.index >= 0) {
                out.append('[').append(step.index).append(']');
            } else {
                out.append(out.isEmpty() ? "" : ".").append(step.name);
            }
        }
        return out.toString();
    }
}
