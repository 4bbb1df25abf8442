package io.pilothouse.machinery.field;

import org.jspecify.annotations.Nullable;

/**
 * Where in an object a value stands, printed as upstream prints it: {@code spec.containers[0].name}, {@code metadata.labels[app]}.
 * Immutable; a child shares its parent, so building paths while walking costs one small object a step.
 */
public final class FieldPath {
    /** The object itself; prints as {@code <nil>}, as upstream's nil path does. */
    public static final FieldPath ROOT = new FieldPath(null, "", false);

    private final @Nullable FieldPath parent;
    private final String step;
    private final boolean subscript;

    private FieldPath(@Nullable FieldPath parent, String step, boolean subscript) {
        this.parent = parent;
        this.step = step;
        this.subscript = subscript;
    }

    public static FieldPath of(String first, String... more) {
        FieldPath path = ROOT.child(first);
        for (String name : more) {
            path = path.child(name);
        }
        return path;
    }

    /** A field of the value here. */
    public FieldPath child(String name) {
        return new FieldPath(this, name, false);
    }

    public FieldPath child(String name, String second) {
        return child(name).child(second);
    }

    /** An element of the list here. */
    public FieldPath index(int index) {
        return new FieldPath(this, Integer.toString(index), true);
    }

    /** An entry of the map here. */
    public FieldPath key(String key) {
        return new FieldPath(this, key, true);
    }

    public boolean isRoot() {
        return parent == null;
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "<nil>";
        }
        StringBuilder out = new StringBuilder();
        append(out);
        return out.toString();
    }

    private void append(StringBuilder out) {
        if (parent == null) {
            return;
        }
        parent.append(out);
        if (subscript) {
            out.append('[').append(step).append(']');
        } else {
            if (!out.isEmpty()) {
                out.append('.');
            }
            out.append(step);
        }
    }
}
