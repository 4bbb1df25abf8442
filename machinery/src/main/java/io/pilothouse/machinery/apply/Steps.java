package io.pilothouse.machinery.apply;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A path that shares its beginning with the path it goes on from, so that walking a deep tree costs one small object a level. Immutable. */
final class Steps extends AbstractList<PathElement> {
    private final @Nullable Steps before;
    private final PathElement last;
    private final int size;

    private Steps(@Nullable Steps before, PathElement last) {
        this.before = before;
        this.last = last;
        this.size = before == null ? 1 : before.size + 1;
    }

    /** A path and one step more. */
    static Steps append(List<PathElement> path, PathElement element) {
        if (path instanceof Steps steps) {
            return new Steps(steps, element);
        }
        Steps out = null;
        for (PathElement step : path) {
            out = new Steps(out, step);
        }
        return new Steps(out, element);
    }

    @Override
    public PathElement get(int index) {
        return inOrder()[index];
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Iterator<PathElement> iterator() {
        return Arrays.asList(inOrder()).iterator();
    }

    private PathElement[] inOrder() {
        PathElement[] out = new PathElement[size];
        for (Steps at = this; at != null; at = at.before) {
            out[at.size - 1] = at.last;
        }
        return out;
    }
}
