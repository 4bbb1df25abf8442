package io.pilothouse.storage;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map in the order of its keys; a change gives a new map that shares all but a path with the old one. A weight-balanced tree
 * (Adams 1993; parameters 3 and 2 of Hirai and Yamamoto 2011), so that positions and counts of ranges cost a path too.
 */
final class PersistentMap<V> {
    private static final int DELTA = 3;
    private static final int GAMMA = 2;

    /** No record: only identity tells whether a subtree changed. */
    static final class Node<V> {
        final @Nullable Node<V> left;
        final String key;
        final V value;
        final @Nullable Node<V> right;
        final int size;

        Node(@Nullable Node<V> left, String key, V value, @Nullable Node<V> right, int size) {
            this.left = left;
            this.key = key;
            this.value = value;
            this.right = right;
            this.size = size;
        }
    }

    private final @Nullable Node<V> root;

    private PersistentMap(@Nullable Node<V> root) {
        this.root = root;
    }

    @Nullable
    Node<V> root() {
        return root;
    }

    static <V> PersistentMap<V> empty() {
        return new PersistentMap<>(null);
    }

    /** From keys in ascending order, without a single comparison. */
    static <V> PersistentMap<V> ofSorted(List<String> keys, List<V> values) {
        return new PersistentMap<>(build(keys, values, 0, keys.size()));
    }

    private static <V> @Nullable Node<V> build(List<String> keys, List<V> values, int from, int to) {
        if (from == to) {
            return null;
        }
        int middle = (from + to) >>> 1;
        return node(
                build(keys, values, from, middle),
                keys.get(middle),
                values.get(middle),
                build(keys, values, middle + 1, to));
    }

    int size() {
        return size(root);
    }

    @Nullable
    V get(String key) {
        Node<V> node = root;
        while (node != null) {
            int order = key.compareTo(node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    PersistentMap<V> with(String key, V value) {
        return new PersistentMap<>(put(root, key, value));
    }

    PersistentMap<V> without(String key) {
        Node<V> changed = remove(root, key);
        return changed == root ? this : new PersistentMap<>(changed);
    }

    /** How many keys come before that one. */
    int rank(String key) {
        int rank = 0;
        Node<V> node = root;
        while (node != null) {
            if (key.compareTo(node.key) <= 0) {
                node = node.left;
            } else {
                rank += size(node.left) + 1;
                node = node.right;
            }
        }
        return rank;
    }

    /** Visits the values of {@code [start, end)} in order until the visitor says false; an end of {@code "\0"} is no end. */
    void visit(String start, String end, Predicate<V> visitor) {
        visit(root, start, end.equals("\0") ? null : end, visitor);
    }

    private static <V> boolean visit(@Nullable Node<V> node, String start, @Nullable String end, Predicate<V> visitor) {
        if (node == null) {
            return true;
        }
        boolean afterStart = start.compareTo(node.key) <= 0;
        boolean beforeEnd = end == null || node.key.compareTo(end) < 0;
        if (afterStart && !visit(node.left, start, end, visitor)) {
            return false;
        }
        if (afterStart && beforeEnd && !visitor.test(node.value)) {
            return false;
        }
        return !beforeEnd || visit(node.right, start, end, visitor);
    }

    private static int size(@Nullable Node<?> node) {
        return node == null ? 0 : node.size;
    }

    private static <V> Node<V> node(@Nullable Node<V> left, String key, V value, @Nullable Node<V> right) {
        return new Node<>(left, key, value, right, size(left) + size(right) + 1);
    }

    private static <V> Node<V> put(@Nullable Node<V> node, String key, V value) {
        if (node == null) {
            return node(null, key, value, null);
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return new Node<>(node.left, key, value, node.right, node.size);
        }
        return order < 0
                ? balance(put(node.left, key, value), node.key, node.value, node.right)
                : balance(node.left, node.key, node.value, put(node.right, key, value));
    }

    private static <V> @Nullable Node<V> remove(@Nullable Node<V> node, String key) {
        if (node == null) {
            return null;
        }
        int order = key.compareTo(node.key);
        if (order == 0) {
            return glue(node.left, node.right);
        }
        if (order < 0) {
            Node<V> left = remove(node.left, key);
            return left == node.left ? node : balance(left, node.key, node.value, node.right);
        }
        Node<V> right = remove(node.right, key);
        return right == node.right ? node : balance(node.left, node.key, node.value, right);
    }

    private static <V> @Nullable Node<V> glue(@Nullable Node<V> left, @Nullable Node<V> right) {
        if (left == null) {
            return right;
        }
        if (right == null) {
            return left;
        }
        if (left.size > right.size) {
            Node<V> last = left;
            while (last.right != null) {
                last = last.right;
            }
            return balance(remove(left, last.key), last.key, last.value, right);
        }
        Node<V> first = right;
        while (first.left != null) {
            first = first.left;
        }
        return balance(left, first.key, first.value, remove(right, first.key));
    }

    private static <V> Node<V> balance(@Nullable Node<V> left, String key, V value, @Nullable Node<V> right) {
        int leftWeight = size(left) + 1;
        int rightWeight = size(right) + 1;
        if (right != null && leftWeight * DELTA < rightWeight) {
            Node<V> inner = right.left;
            if (inner == null || size(inner) + 1 < GAMMA * (size(right.right) + 1)) {
                return node(node(left, key, value, inner), right.key, right.value, right.right);
            }
            return node(
                    node(left, key, value, inner.left),
                    inner.key,
                    inner.value,
                    node(inner.right, right.key, right.value, right.right));
        }
        if (left != null && rightWeight * DELTA < leftWeight) {
            Node<V> inner = left.right;
            if (inner == null || size(inner) + 1 < GAMMA * (size(left.left) + 1)) {
                return node(left.left, left.key, left.value, node(inner, key, value, right));
            }
            return node(
                    node(left.left, left.key, left.value, inner.left),
                    inner.key,
                    inner.value,
                    node(inner.right, key, value, right));
        }
        return node(left, key, value, right);
    }
}
