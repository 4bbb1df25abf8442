package io.pilothouse.storage;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two maps within a range of keys. What both share is passed over, so that the cost is that of the changes (and of a path
 * of the tree for each) where one map was made from the other.
 */
final class MapDiff<V> {
    /** Takes the differences, in the order of keys. */
    @FunctionalInterface
    interface Visitor<V> {
        /**
         * One key.
         *
         * @param before null where the key is new
         * @param after null where the key is gone
         */
        void changed(String key, @Nullable V before, @Nullable V after);
    }

    /** The rest of a map: subtrees and single nodes, the next on top. */
    private static final class Rest<V> {
        private record Part<V>(PersistentMap.Node<V> node, boolean single) {}

        private final ArrayDeque<Part<V>> parts = new ArrayDeque<>();
        private final String start;
        private final String end;

        Rest(PersistentMap<V> map, String start, String end) {
            this.start = start;
            this.end = end;
            push(map.root());
        }

        private void push(PersistentMap.@Nullable Node<V> subtree) {
            if (subtree != null) {
                parts.push(new Part<>(subtree, false));
            }
        }

        boolean isEmpty() {
            return parts.isEmpty();
        }

        boolean single() {
            return parts.element().single();
        }

        PersistentMap.Node<V> node() {
            return parts.element().node();
        }

        void skip() {
            parts.pop();
        }

        /** Puts the top subtree's parts in its place, without what lies outside the range. */
        void open() {
            var node = parts.pop().node();
            if (node.key.compareTo(start) < 0) {
                push(node.right);
            } else if (!end.equals("\0") && node.key.compareTo(end) >= 0) {
                push(node.left);
            } else {
                push(node.right);
                parts.push(new Part<>(node, true));
                push(node.left);
            }
        }
    }

    private final Rest<V> before;
    private final Rest<V> after;
    private final Visitor<V> visitor;

    private MapDiff(Rest<V> before, Rest<V> after, Visitor<V> visitor) {
        this.before = before;
        this.after = after;
        this.visitor = visitor;
    }

    /** Visits what differs, by identity of the values, in {@code [start, end)}; an end of {@code "\0"} is no end. */
    static <V> void visit(
            PersistentMap<V> before, PersistentMap<V> after, String start, String end, Visitor<V> visitor) {
        new MapDiff<>(new Rest<>(before, start, end), new Rest<>(after, start, end), visitor).run();
    }

    private void run() {
        while (!before.isEmpty() && !after.isEmpty()) {
            if (before.node() == after.node() && before.single() == after.single()) {
                before.skip();
                after.skip();
            } else if (before.single() && after.single()) {
                compare(before.node(), after.node());
            } else if (after.single() || (!before.single() && before.node().size >= after.node().size)) {
                before.open();
            } else {
                after.open();
            }
        }
        while (!before.isEmpty()) {
            if (before.single()) {
                gone(before.node());
            } else {
                before.open();
            }
        }
        while (!after.isEmpty()) {
            if (after.single()) {
                added(after.node());
            } else {
                after.open();
            }
        }
    }

    private void compare(PersistentMap.Node<V> old, PersistentMap.Node<V> now) {
        int order = old.key.compareTo(now.key);
        if (order < 0) {
            gone(old);
        } else if (order > 0) {
            added(now);
        } else {
            before.skip();
            after.skip();
            if (old.value != now.value) {
                visitor.changed(now.key, old.value, now.value);
            }
        }
    }

    private void gone(PersistentMap.Node<V> old) {
        before.skip();
        visitor.changed(old.key, old.value, null);
    }

    private void added(PersistentMap.Node<V> now) {
        after.skip();
        visitor.changed(now.key, null, now.value);
    }
}
