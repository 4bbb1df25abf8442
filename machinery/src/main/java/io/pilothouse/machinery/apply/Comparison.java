package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one object has that another does not, and what differs. */
record Comparison(FieldSet removed, FieldSet modified, FieldSet added) {

    static Comparison of(JsonNode left, JsonNode right, TypeSchema type) {
        Comparison out = new Comparison(new FieldSet(), new FieldSet(), new FieldSet());
        out.compare(left, right, type, false, new ArrayList<>());
        return out;
    }

    /** Without some fields and all below them. */
    Comparison without(FieldSet excluded) {
        return excluded.isEmpty()
                ? this
                : new Comparison(removed.without(excluded), modified.without(excluded), added.without(excluded));
    }

    /** The path is a stack: it is as it was when this returns. */
    private void compare(
            @Nullable JsonNode left,
            @Nullable JsonNode right,
            TypeSchema type,
            boolean granular,
            List<PathElement> path) {
        boolean unchanged = left == null ? right == null : right != null && Values.equal(left, right);
        if (unchanged) {
            return;
        }
        Shape shape = shape(left, right, type, granular);
        boolean bothEmpty = TypedWalks.isEmpty(left) && TypedWalks.isEmpty(right);
        if (shape != Shape.LEAF && !bothEmpty) {
            if (shape == Shape.FIELDS) {
                fields(left, right, type, path);
            } else {
                items(left, right, type, shape, path);
            }
        } else if (left != null && right != null) {
            modified.add(path);
        }
        if (left == null) {
            added.add(path);
        } else if (right == null) {
            removed.add(path);
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
            path.add(new PathElement.Field(name));
            compare(
                    left == null ? null : left.get(name),
                    right == null ? null : right.get(name),
                    Shape.member(type, name),
                    Shape.isGranular(type, name),
                    path);
            path.removeLast();
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
            path.add(element);
            if (old.size() <= 1 && now.size() <= 1) {
                compare(
                        old.isEmpty() ? null : old.getFirst(),
                        now.isEmpty() ? null : now.getFirst(),
                        type.element(),
                        false,
                        path);
            } else if (old.isEmpty()) {
                added.add(path);
            } else if (now.isEmpty()) {
                removed.add(path);
            } else if (!same(old, now)) {
                modified.add(path);
            }
            path.removeLast();
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
