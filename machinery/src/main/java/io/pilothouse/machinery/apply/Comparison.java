package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one object has that another does not, and what differs. */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

    /** Levels at which equal values are passed over as a whole; below, where this would take ever longer, they are walked. */
    private static final int LOOKS_AHEAD = 16;

    static Comparison of(JsonNode left, JsonNode right, TypeSchema type) {
        Comparison out = nothing();
        if (!out.unchanged(left, right, List.of())) {
            out.compare(left, right, type, false, List.of());
        }
        return out;
    }

    private static Comparison nothing() {
        return new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
    }

    /** Without some fields and all below them. */
    Comparison without(FieldSet excluded) {
        return excluded.isEmpty()
                ? this
                : new Comparison(removed.without(excluded), modified.without(excluded), added.without(excluded));
    }

    private boolean unchanged(@Nullable JsonNode left, @Nullable JsonNode right, List<PathElement> path) {
        if (left == null || right == null) {
            return left == right;
        }
        boolean walked = path.size() >= LOOKS_AHEAD && left.isObject() && right.isObject() && !right.isEmpty();
        return !walked && Values.equal(left, right);
    }

    /** Compares what stands under a step, and notes the differences under it. */
    private void member(
            PathElement element,
            @Nullable JsonNode left,
            @Nullable JsonNode right,
            TypeSchema type,
            boolean granular,
            List<PathElement> path) {
        if (unchanged(left, right, path)) {
            return;
        }
        JsonNode only = left == null ? right : right == null ? left : null;
        if (only != null) {
            FieldSet below = new FieldSet();
            all(only, type, granular, Steps.append(path, element), below);
            (left == null ? added : removed).put(element, true, below);
            return;
        }
        Comparison inner = nothing();
        boolean differs = inner.compare(left, right, type, granular, Steps.append(path, element));
        removed.put(element, right == null, inner.removed);
        modified.put(element, differs, inner.modified);
        added.put(element, left == null, inner.added);
    }

    /** Notes the differences below two values; answers whether they differ as a whole. */
    private boolean compare(
            @Nullable JsonNode left,
            @Nullable JsonNode right,
            TypeSchema type,
            boolean granular,
            List<PathElement> path) {
        Shape shape = shape(left, right, type, granular);
        boolean bothEmpty = TypedWalks.isEmpty(left) && TypedWalks.isEmpty(right);
        if (shape == Shape.LEAF || bothEmpty) {
            return left != null && right != null && !Values.equal(left, right);
        }
        if (shape == Shape.FIELDS) {
            fields(left, right, type, path);
        } else {
            items(left, right, type, shape, path);
        }
        return false;
    }

    /** Notes all that stands below a value that the other object has nothing of. */
    private static void all(JsonNode value, TypeSchema type, boolean granular, List<PathElement> path, FieldSet below) {
        Shape shape = Shape.of(type, granular, value);
        if (shape == Shape.LEAF || TypedWalks.isEmpty(value)) {
            return;
        }
        if (shape == Shape.FIELDS) {
            for (Map.Entry<String, JsonNode> e : value.properties()) {
                String name = e.getKey();
                PathElement element = new PathElement.Field(name);
                FieldSet inner = new FieldSet();
                all(
                        e.getValue(),
                        Shape.member(type, name),
                        Shape.isGranular(type, name),
                        Steps.append(path, element),
                        inner);
                below.put(element, true, inner);
            }
            return;
        }
        ListItems items = ListItems.of(value, type, shape, path);
        for (Map.Entry<PathElement, List<JsonNode>> e : items.byElement().entrySet()) {
            FieldSet inner = new FieldSet();
            if (e.getValue().size() == 1) {
                all(e.getValue().getFirst(), type.element(), false, Steps.append(path, e.getKey()), inner);
            }
            below.put(e.getKey(), true, inner);
        }
    }

    private static Shape shape(@Nullable JsonNode left, @Nullable JsonNode right, TypeSchema type, boolean granular) {
        JsonNode telling = right == null || right.isNull() ? left : right;
        Shape shape = Shape.of(type, granular, telling);
        if (left != null
                && right != null
                && Shape.of(type, granular, left) != Shape.of(type, granular, right)
                && !left.isNull()
                && !right.isNull()) {
            return Shape.LEAF;
        }
        return shape;
    }

    private void fields(@Nullable JsonNode left, @Nullable JsonNode right, TypeSchema type, List<PathElement> path) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode side : new @Nullable JsonNode[] {left, right}) {
            if (side != null) {
                side.fieldNames().forEachRemaining(names::add);
            }
        }
        for (String name : names) {
            member(
                    new PathElement.Field(name),
                    left == null ? null : left.get(name),
                    right == null ? null : right.get(name),
                    Shape.member(type, name),
                    Shape.isGranular(type, name),
                    path);
        }
    }

    private void items(
            @Nullable JsonNode left, @Nullable JsonNode right, TypeSchema type, Shape shape, List<PathElement> path) {
        ListItems before = ListItems.of(left, type, shape, path);
        ListItems after = ListItems.of(right, type, shape, path);
        Set<PathElement> elements = new LinkedHashSet<>(before.order());
        elements.addAll(after.order());
        for (PathElement element : elements) {
            List<JsonNode> old = before.all(element);
            List<JsonNode> now = after.all(element);
            if (old.size() <= 1 && now.size() <= 1) {
                member(
                        element,
                        old.isEmpty() ? null : old.getFirst(),
                        now.isEmpty() ? null : now.getFirst(),
                        type.element(),
                        false,
                        path);
            } else {
                boolean changed = !old.isEmpty() && !now.isEmpty() && !same(old, now);
                removed.put(element, now.isEmpty(), new FieldSet());
                modified.put(element, changed, new FieldSet());
                added.put(element, old.isEmpty(), new FieldSet());
            }
        }
    }

    private static boolean same(List<JsonNode> a, List<JsonNode> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!Values.equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }
}
