package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of a structural schema, compiled. Immutable; safe for use by many threads. */
public final class SchemaExpressions {
    private final CelPlace root;
    private final List<Problem> problems;

    private SchemaExpressions(CelPlace root, List<Problem> problems) {
        this.root = root;
        this.problems = List.copyOf(problems);
    }

    /**
     * What is wrong with a rule.
     *
     * @param path of the rule
     * @param field rule, messageExpression or optionalOldSelf
     * @param cost whether it is too expensive, not wrong
     */
    public record Problem(FieldPath path, String field, JsonNode rule, String message, boolean cost) {}

    /**
     * What came of a check.
     *
     * @param errors of values that are new or were changed
     * @param ratcheted errors of values that are as they were
     */
    public record Outcome(List<FieldError> errors, List<FieldError> ratcheted) {}

    /** Compiles the rules of a schema. What is wrong with them is told by {@link #problems}; those rules are left out. */
    public static SchemaExpressions compile(JsonNode schema) {
        return compile(schema, FieldPath.ROOT);
    }

    /** The same, with the path of the schema for problems. */
    public static SchemaExpressions compile(JsonNode schema, FieldPath path) {
        CelCompilation compilation = new CelCompilation();
        CelPlace root = compilation.compile(schema, path);
        return new SchemaExpressions(root, compilation.problems());
    }

    public List<Problem> problems() {
        return problems;
    }

    public boolean isEmpty() {
        return root.isEmpty();
    }

    /** Checks an object; rules that compare with the value before run only where there is one that is its like. */
    public Outcome validate(ObjectNode object, @Nullable ObjectNode old) {
        Outcome out = new Outcome(new ArrayList<>(), new ArrayList<>());
        visit(root, object, old, FieldPath.ROOT, out);
        return out;
    }

    private static void visit(
            @Nullable CelPlace place, JsonNode value, @Nullable JsonNode old, FieldPath path, Outcome out) {
        if (place == null || value.isNull()) {
            return;
        }
        rules(place, value, old, path, out);
        if (value.isObject()) {
            TreeMap<String, JsonNode> sorted = new TreeMap<>();
            value.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
            boolean map = place.values() != null;
            sorted.forEach((name, member) -> visit(
                    map ? place.values() : place.properties().get(name),
                    member,
                    old == null ? null : old.get(name),
                    map ? path.key(name) : path.child(name),
                    out));
        } else if (value.isArray() && place.items() != null) {
            Map<JsonNode, JsonNode> before = keyed(old, place.schema());
            for (int i = 0; i < value.size(); i++) {
                JsonNode element = value.get(i);
                visit(place.items(), element, before.get(keys(element, place.schema())), path.index(i), out);
            }
        }
    }

    private static void rules(CelPlace place, JsonNode value, @Nullable JsonNode old, FieldPath path, Outcome out) {
        if (place.rules().isEmpty()) {
            return;
        }
        boolean same = value.equals(old);
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(value, place.schema(), place.resource()));
        Object before = old == null || old.isNull() ? null : CelValues.of(old, place.schema(), place.resource());
        for (CelRule rule : place.rules()) {
            if (rule.usesOld() && before == null && !rule.optionalOld()) {
                continue;
            }
            if (rule.optionalOld()) {
                variables.put("oldSelf", Optional.ofNullable(before));
            } else if (before != null) {
                variables.put("oldSelf", before);
            } else {
                variables.remove("oldSelf");
            }
            FieldError error = rule.check(variables, value, path);
            if (error != null) {
                (same && !rule.usesOld() ? out.ratcheted() : out.errors()).add(error);
            }
        }
    }

    /** The elements of a list before by their keys; none where elements have no identity. */
    private static Map<JsonNode, JsonNode> keyed(@Nullable JsonNode old, JsonNode schema) {
        if (old == null || !schema.path("x-kubernetes-list-type").asText("").equals("map")) {
            return Map.of();
        }
        Map<JsonNode, JsonNode> out = new HashMap<>();
        old.forEach(e -> out.put(keys(e, schema), e));
        return out;
    }

    private static JsonNode keys(JsonNode element, JsonNode schema) {
        Map<String, JsonNode> out = new TreeMap<>();
        schema.path("x-kubernetes-list-map-keys").forEach(k -> {
            if (element.has(k.asText())) {
                out.put(k.asText(), element.get(k.asText()));
            }
        });
        return Json.valueOf(out);
    }
}
