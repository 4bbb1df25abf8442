package io.pilothouse.machinery.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lays an applied object over a live one: its leaves win, the rest of the live object stays. */
final class TypedMerge {
    private TypedMerge() {}

    static JsonNode merge(
            @Nullable JsonNode live,
            @Nullable JsonNode applied,
            TypeSchema type,
            boolean granular,
            List<PathElement> path) {
        if (applied == null || live == null) {
            JsonNode only = applied == null ? live : applied;
            return only == null ? JsonNodeFactory.instance.nullNode() : only.deepCopy();
        }
        Shape shape = Shape.of(type, granular, applied);
        if (applied.isNull()
                || shape == Shape.LEAF
                || (TypedWalks.isEmpty(live) && TypedWalks.isEmpty(applied))
                || (!live.isNull() && Shape.of(type, granular, live) != shape)) {
            return applied.deepCopy();
        }
        return shape == Shape.FIELDS ? fields(live, applied, type, path) : items(live, applied, type, shape, path);
    }

    private static ObjectNode fields(JsonNode live, JsonNode applied, TypeSchema type, List<PathElement> path) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> e : live.properties()) {
            out.set(e.getKey(), member(e.getValue(), applied.get(e.getKey()), type, e.getKey(), path));
        }
        for (Map.Entry<String, JsonNode> e : applied.properties()) {
            if (!live.has(e.getKey())) {
                out.set(e.getKey(), member(null, e.getValue(), type, e.getKey(), path));
            }
        }
        return out;
    }

    private static JsonNode member(
            @Nullable JsonNode live, @Nullable JsonNode applied, TypeSchema type, String name, List<PathElement> path) {
        return merge(
                live,
                applied,
                Shape.member(type, name),
                Shape.isGranular(type, name),
                Steps.append(path, new PathElement.Field(name)));
    }

    /** Weaves two lists: the applied order holds for what was applied, and what is only live stays where it stood before its neighbours. */
    private static ArrayNode items(
            JsonNode live, JsonNode applied, TypeSchema type, Shape shape, List<PathElement> path) {
        ListItems left = ListItems.of(live, type, shape, path);
        ListItems right = ListItems.of(applied, type, shape, path);
        Deque<PathElement> shared = new ArrayDeque<>();
        right.order().stream().filter(left.byElement()::containsKey).forEach(shared::add);
        ArrayNode out = JsonNodeFactory.instance.arrayNode();
        TreeSet<PathElement> done = new TreeSet<>();
        int l = 0;
        int r = 0;
        List<PathElement> lefts = left.order();
        List<PathElement> rights = right.order();
        while (l < lefts.size() || r < rights.size()) {
            if (l < lefts.size()) {
                PathElement element = lefts.get(l);
                boolean isShared = right.byElement().containsKey(element);
                if (!isShared) {
                    out.add(merge(live.get(l), null, type.element(), false, path));
                    l++;
                    continue;
                }
                PathElement next = shared.peek();
                boolean outOfTurn = r < rights.size() && next != null && !next.equals(element);
                if (outOfTurn || done.contains(element)) {
                    l++;
                    continue;
                }
                if (r < rights.size() && rights.get(r).equals(element)) {
                    l++;
                }
            }
            if (r < rights.size()) {
                PathElement element = rights.get(r++);
                done.add(element);
                out.add(merge(
                        left.single(element),
                        right.single(element),
                        type.element(),
                        false,
                        Steps.append(path, element)));
                if (element.equals(shared.peek())) {
                    shared.remove();
                }
            }
        }
        return out;
    }
}
