package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of paths into an object, kept as a tree; a path and paths below it may both be members. The operations make new sets, which share
 * what is the same; putting changes this one, so a set belongs to one thread until it is shared.
 */
public final class FieldSet {
    /** A step: whether its path is a member, and the paths below. */
    private record Node(boolean member, FieldSet below) {}

    private final TreeMap<PathElement, Node> nodes = new TreeMap<>();

    public FieldSet() {}

    /** A set of paths through named fields, such as {@code status} and {@code metadata.labels}. */
    public static FieldSet ofFields(String... paths) {
        FieldSet out = new FieldSet();
        for (String path : paths) {
            out.add(path.split("\\.", -1), 0);
        }
        return out;
    }

    private void add(String[] names, int from) {
        PathElement element = new PathElement.Field(names[from]);
        boolean last = from == names.length - 1;
        FieldSet below = new FieldSet();
        below.nodes.putAll(below(element).nodes);
        if (!last) {
            below.add(names, from + 1);
        }
        put(element, last, below);
    }

    public boolean isEmpty() {
        return nodes.isEmpty();
    }

    boolean has(PathElement element) {
        Node node = nodes.get(element);
        return node != null && node.member;
    }

    boolean has(List<PathElement> path) {
        FieldSet at = this;
        Node last = null;
        for (PathElement element : path) {
            last = at.nodes.get(element);
            if (last == null) {
                return false;
            }
            at = last.below;
        }
        return last != null && last.member;
    }

    /** The paths below a step, without it. */
    FieldSet below(PathElement element) {
        Node node = nodes.get(element);
        return node == null ? new FieldSet() : node.below;
    }

    void put(PathElement element, boolean member, FieldSet below) {
        if (member || !below.isEmpty()) {
            nodes.merge(
                    element,
                    new Node(member, below),
                    (before, more) -> new Node(before.member || more.member, before.below.with(more.below)));
        }
    }

    private FieldSet with(FieldSet more) {
        if (nodes.isEmpty() || more.nodes.isEmpty()) {
            return nodes.isEmpty() ? more : this;
        }
        FieldSet out = new FieldSet();
        out.nodes.putAll(nodes);
        out.nodes.putAll(more.nodes);
        return out;
    }

    public FieldSet union(FieldSet other) {
        if (nodes.isEmpty() || other.nodes.isEmpty()) {
            return nodes.isEmpty() ? other : this;
        }
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            Node theirs = other.nodes.get(element);
            out.put(
                    element,
                    node.member || (theirs != null && theirs.member),
                    theirs == null ? node.below : node.below.union(theirs.below));
        });
        other.nodes.forEach((element, node) -> {
            if (!nodes.containsKey(element)) {
                out.put(element, node.member, node.below);
            }
        });
        return out;
    }

    public FieldSet intersection(FieldSet other) {
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            Node theirs = other.nodes.get(element);
            if (theirs != null) {
                out.put(element, node.member && theirs.member, node.below.intersection(theirs.below));
            }
        });
        return out;
    }

    /** What is here and not in the other set; paths below a member of the other set stay. */
    public FieldSet difference(FieldSet other) {
        if (other.nodes.isEmpty()) {
            return this;
        }
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            Node theirs = other.nodes.get(element);
            out.put(
                    element,
                    node.member && (theirs == null || !theirs.member),
                    theirs == null ? node.below : node.below.difference(theirs.below));
        });
        return out;
    }

    /** What is here, without the other set's members and all below them. */
    public FieldSet without(FieldSet excluded) {
        if (excluded.nodes.isEmpty()) {
            return this;
        }
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            Node theirs = excluded.nodes.get(element);
            if (theirs == null) {
                out.put(element, node.member, node.below);
            } else if (!theirs.member) {
                out.put(element, node.member, node.below.without(theirs.below));
            }
        });
        return out;
    }

    /** This set and every declared field on the way to a member. */
    FieldSet withNamedFields(TypeSchema type) {
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            boolean named =
                    !node.below.isEmpty() && element instanceof PathElement.Field f && type.field(f.name()) != null;
            out.put(element, node.member || named, node.below.withNamedFields(Shape.step(type, element)));
        });
        return out;
    }

    /** This set, with paths into what the schema now has as one value replaced by that value's path. */
    FieldSet collapsed(TypeSchema type, boolean granular) {
        FieldSet out = new FieldSet();
        nodes.forEach((element, node) -> {
            TypeSchema inner = Shape.step(type, element);
            boolean keep = Shape.stepIsGranular(type, element);
            if (!node.below.isEmpty() && Shape.isDeclaredAtomic(inner, keep)) {
                out.put(element, true, new FieldSet());
            } else {
                out.put(element, node.member, node.below.collapsed(inner, keep));
            }
        });
        return out;
    }

    /** Every member's path, in order. */
    List<List<PathElement>> paths() {
        List<List<PathElement>> out = new ArrayList<>();
        collect(List.of(), out);
        return out;
    }

    private void collect(List<PathElement> prefix, List<List<PathElement>> out) {
        nodes.forEach((element, node) -> {
            List<PathElement> path = Steps.append(prefix, element);
            if (node.member) {
                out.add(path);
            }
            node.below.collect(path, out);
        });
    }

    static String print(List<PathElement> path) {
        StringBuilder out = new StringBuilder();
        path.forEach(out::append);
        return out.toString();
    }

    /** The FieldsV1 form. */
    public ObjectNode toFieldsV1() {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        write(out);
        return out;
    }

    private void write(ObjectNode out) {
        for (Map.Entry<PathElement, Node> e : nodes.entrySet()) {
            ObjectNode below = out.putObject(e.getKey().serialized());
            Node node = e.getValue();
            if (node.member && !node.below.isEmpty()) {
                below.putObject(".");
            }
            node.below.write(below);
        }
    }

    /** Reads the FieldsV1 form; fails with a {@link DecodeException}. */
    public static FieldSet fromFieldsV1(@Nullable JsonNode node) {
        FieldSet out = new FieldSet();
        if (node == null || !node.isObject()) {
            throw new DecodeException("fieldsV1 is not an object");
        }
        for (Map.Entry<String, JsonNode> e : node.properties()) {
            if (e.getKey().equals(".")) {
                continue;
            }
            JsonNode value = e.getValue();
            FieldSet below = fromFieldsV1(value);
            out.put(PathElement.parse(e.getKey()), value.has(".") || below.isEmpty(), below);
        }
        return out;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FieldSet set && nodes.equals(set.nodes);
    }

    @Override
    public int hashCode() {
        return nodes.hashCode();
    }

    @Override
    public String toString() {
        return toFieldsV1().toString();
    }
}
