package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.gotext.UnifiedDiff;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * How upstream prints its internal structs in messages: with Go's field names, and all of them, whether set or not. The structs are
 * listed in {@code internal-forms.txt}.
 */
public final class InternalForm {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final List<String> IN_SECURITY_CONTEXT =
            List.of("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers");

    /** A field of a struct: Go's name, the API's and what kind of value it holds. */
    private record Member(String name, String json, String kind) {}

    /** The table is read when a message needs it first. */
    private static final class Structs {
        static final Map<String, List<Member>> ALL = load();

        private Structs() {}
    }

    private InternalForm() {}

    /** A value of the API as the internal struct of that name. */
    public static JsonNode of(String struct, JsonNode value) {
        return object(struct, value);
    }

    /** The values of a list, each as that struct. */
    public static JsonNode listOf(String struct, JsonNode values) {
        return list(struct, values);
    }

    /** Adds a mistake where a struct differs from what it was. */
    public static void immutable(String struct, Field now, JsonNode old) {
        now.immutable(old, "field is immutable", value -> of(struct, value));
    }

    /** How two values of a struct differ. */
    public static String diff(String struct, JsonNode before, JsonNode after) {
        return UnifiedDiff.of(pretty(object(struct, before)), pretty(object(struct, after)));
    }

    private static Map<String, List<Member>> load() {
        var all = new HashMap<String, List<Member>>();
        var stream = InternalForm.class.getResourceAsStream("internal-forms.txt");
        if (stream == null) {
            throw new IllegalStateException("internal-forms.txt is missing");
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (!line.startsWith("#")) {
                    String[] words = line.split(" ", -1);
                    var members = new ArrayList<Member>();
                    for (int i = 1; i < words.length; i++) {
                        members.add(member(words[i]));
                    }
                    all.put(words[0], List.copyOf(members));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(all);
    }

    private static Member member(String word) {
        if (word.startsWith("...")) {
            return new Member("", "", word.substring(3));
        }
        int slash = word.indexOf('/');
        int colon = word.indexOf(':');
        return new Member(word.substring(0, slash), word.substring(slash + 1, colon), word.substring(colon + 1));
    }

    private static ObjectNode object(String struct, JsonNode value) {
        var out = NODES.objectNode();
        fill(out, struct, value);
        return out;
    }

    private static void fill(ObjectNode out, String struct, JsonNode value) {
        var members = Structs.ALL.get(struct);
        if (members == null) {
            throw new IllegalArgumentException("no struct " + struct);
        }
        for (var member : members) {
            if (!member.name().isEmpty()) {
                out.set(member.name(), member(member, struct, value));
            } else if (member.kind().equals("metadata")) {
                value.path("metadata").properties().forEach(e -> out.set(e.getKey(), e.getValue()));
            } else {
                fill(out, member.kind().substring(1), value);
            }
        }
    }

    private static JsonNode member(Member member, String struct, JsonNode owner) {
        var value = owner.path(member.json());
        if (struct.equals("PodSpec") && member.json().equals("securityContext")) {
            value = securityContext(owner);
        }
        boolean absent = value.isMissingNode() || value.isNull();
        String kind = member.kind();
        return switch (kind.charAt(0)) {
            case 's' -> absent ? NODES.textNode("") : value;
            case 'b' -> absent ? NODES.booleanNode(false) : value;
            case 'i' -> absent ? NODES.numberNode(0) : value;
            case 'q' -> absent ? NODES.textNode("0") : value;
            case 'm' -> absent ? NODES.nullNode() : sorted(value);
            case '@' -> object(kind.substring(1), value);
            case '*' -> absent ? NODES.nullNode() : object(kind.substring(1), value);
            case '[' -> absent ? NODES.nullNode() : list(kind.substring(2), value);
            case '{' -> absent ? NODES.nullNode() : map(value, each -> object(kind.substring(2), each));
            case '?' -> absent ? NODES.nullNode() : union(kind, value);
            default -> absent ? NODES.nullNode() : value;
        };
    }

    /** Upstream keeps some of a pod's fields in its security context. */
    private static JsonNode securityContext(JsonNode spec) {
        var context = NODES.objectNode();
        spec.path("securityContext").properties().forEach(e -> context.set(e.getKey(), e.getValue()));
        for (String field : IN_SECURITY_CONTEXT) {
            if (spec.has(field)) {
                context.set(field, spec.get(field));
            }
        }
        return context;
    }

    private static ArrayNode list(String struct, JsonNode values) {
        var out = NODES.arrayNode();
        values.forEach(value -> out.add(object(struct, value)));
        return out;
    }

    private static ObjectNode sorted(JsonNode map) {
        return map(map, each -> each);
    }

    private static ObjectNode map(JsonNode map, UnaryOperator<JsonNode> form) {
        var keys = new TreeSet<String>();
        map.fieldNames().forEachRemaining(keys::add);
        var out = NODES.objectNode();
        keys.forEach(key -> out.set(key, form.apply(map.get(key))));
        return out;
    }

    /** What may be a JSON schema or something else: a flag, several schemas, or for each name a list of others. */
    private static JsonNode union(String kind, JsonNode value) {
        JsonNode schema = value.isObject() ? object("JSONSchemaProps", value) : NODES.nullNode();
        return switch (kind) {
            case "?OrArray" ->
                NODES.objectNode()
                        .<ObjectNode>set("Schema", schema)
                        .set("JSONSchemas", value.isArray() ? list("JSONSchemaProps", value) : NODES.nullNode());
            case "?OrBool" ->
                NODES.objectNode()
                        .put("Allows", value.isObject() || value.asBoolean())
                        .set("Schema", schema);
            default ->
                map(
                        value,
                        each -> NODES.objectNode()
                                .<ObjectNode>set(
                                        "Schema", each.isObject() ? object("JSONSchemaProps", each) : NODES.nullNode())
                                .set("Property", each.isArray() ? each : NODES.nullNode()));
        };
    }

    private static String pretty(JsonNode node) {
        var out = new StringBuilder();
        pretty(node, 1, out);
        return out.toString();
    }

    private static void pretty(JsonNode node, int depth, StringBuilder out) {
        if (!node.isContainerNode() || node.isEmpty()) {
            out.append(Json.text(node));
            return;
        }
        boolean list = node.isArray();
        out.append(list ? '[' : '{');
        boolean first = true;
        if (list) {
            for (var element : node) {
                out.append(first ? "\n" : ",\n").append(" ".repeat(depth));
                pretty(element, depth + 1, out);
                first = false;
            }
        } else {
            for (var entry : node.properties()) {
                out.append(first ? "\n" : ",\n").append(" ".repeat(depth));
                out.append(Json.text(NODES.textNode(entry.getKey()))).append(": ");
                pretty(entry.getValue(), depth + 1, out);
                first = false;
            }
        }
        out.append('\n').append(" ".repeat(depth - 1)).append(list ? ']' : '}');
    }
}
