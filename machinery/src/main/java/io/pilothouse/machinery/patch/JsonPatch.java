package io.pilothouse.machinery.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Document;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON patch (RFC 6902) as kube-apiserver applies it, which is laxer than the RFC: replace adds what is missing, copy of a missing
 * member gives null, a path needs no leading slash, indexes count from the end when negative. Immutable.
 */
public final class JsonPatch {
    /** Operations of one patch. */
    public static final int MAX_OPERATIONS = 10_000;

    /** Bytes that the copies of one patch may add. */
    public static final int MAX_COPIED_BYTES = 3 * 1024 * 1024;

    private record Operation(
            String op, @Nullable String path, @Nullable String from, JsonNode value) {}

    private static final Set<String> FIELDS = Set.of("op", "path", "from", "value");

    /** A test of the patch did not hold. */
    private static final class FailedTest extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FailedTest() {
            super("a test does not hold", null, false, false);
        }
    }

    private final List<Operation> operations;
    private final List<String> strictErrors;

    private JsonPatch(List<Operation> operations, List<String> strictErrors) {
        this.operations = operations;
        this.strictErrors = strictErrors;
    }

    /** What strict field validation finds in the patch itself. */
    public List<String> strictErrors() {
        return strictErrors;
    }

    /** Parses a patch that is validated strictly; fails with a 400 or 413 Status. */
    public static JsonPatch parse(byte[] body) {
        return parse(body, FieldValidation.STRICT);
    }

    /** Parses a patch; fails with a 400 or 413 Status, in the words of the reader that upstream uses for such a validation. */
    public static JsonPatch parse(byte[] body, FieldValidation validation) {
        try {
            return parse(Json.parse(body));
        } catch (DecodeException e) {
            String reader = validation == FieldValidation.IGNORE ? "" : "error decoding patch: ";
            throw StatusException.badRequest(reader + e.getMessage());
        }
    }

    private static JsonPatch parse(Document document) {
        JsonNode body = document.root();
        if (body.isNull()) {
            return new JsonPatch(List.of(), List.of());
        }
        if (!body.isArray()) {
            throw new DecodeException(
                    "json: cannot unmarshal " + typeName(body) + " into Go value of type []handlers.jsonPatchOp");
        }
        if (body.size() > MAX_OPERATIONS) {
            throw StatusException.requestEntityTooLarge(
                    "The allowed maximum operations in a JSON patch is " + MAX_OPERATIONS + ", got " + body.size());
        }
        List<Operation> operations = new ArrayList<>();
        for (JsonNode node : body) {
            if (!node.isObject() && !node.isNull()) {
                throw new DecodeException(
                        "json: cannot unmarshal " + typeName(node) + " into Go value of type handlers.jsonPatchOp");
            }
            JsonNode value = node.get("value");
            operations.add(new Operation(
                    node.path("op").asText(""),
                    text(node, "path"),
                    text(node, "from"),
                    value == null ? JsonNodeFactory.instance.nullNode() : value));
        }
        return new JsonPatch(operations, strictErrors(document));
    }

    private static List<String> strictErrors(Document document) {
        List<String> errors = new ArrayList<>();
        document.strictErrors().forEach(e -> errors.add("json patch " + e));
        for (int i = 0; i < document.root().size(); i++) {
            for (Map.Entry<String, JsonNode> member : document.root().get(i).properties()) {
                if (!FIELDS.contains(member.getKey())) {
                    errors.add("json patch unknown field " + GoText.quote("[" + i + "]." + member.getKey()));
                }
            }
        }
        return List.copyOf(errors);
    }

    private static @Nullable String text(JsonNode node, String field) {
        return node.path(field).isTextual() ? node.path(field).textValue() : null;
    }

    static String typeName(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> "object";
            case ARRAY -> "array";
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "bool";
            default -> "null";
        };
    }

    /** The patched document, a new tree; fails with a 422 Status where an operation does not apply. */
    public JsonNode apply(ObjectNode document) {
        return applyIfTestsHold(document).orElseThrow(JsonPatch::rejected);
    }

    /** The same; empty where a test does not hold. */
    public Optional<JsonNode> applyIfTestsHold(ObjectNode document) {
        try {
            return Optional.of(applyAll(document));
        } catch (FailedTest e) {
            return Optional.empty();
        }
    }

    private JsonNode applyAll(ObjectNode document) {
        JsonNode root = document.deepCopy();
        long copied = 0;
        for (Operation operation : operations) {
            String path = required(operation.path());
            switch (operation.op()) {
                case "add" ->
                    place(root, path, operation.value()).add(operation.value().deepCopy());
                case "remove" -> JsonPointerStep.find(root, path).remove();
                case "replace" -> {
                    if (path.isEmpty()) {
                        root = operation.value().deepCopy();
                    } else {
                        place(root, path, operation.value())
                                .set(operation.value().deepCopy());
                    }
                }
                case "move" -> {
                    JsonNode moved = JsonPointerStep.find(root, required(operation.from()))
                            .remove();
                    place(root, path, moved).add(moved);
                }
                case "copy" -> {
                    JsonNode source = JsonPointerStep.find(root, required(operation.from()))
                            .value();
                    var target = place(root, path, source);
                    copied += Json.write(source).length;
                    if (copied > MAX_COPIED_BYTES) {
                        throw rejected();
                    }
                    target.add(source.deepCopy());
                }
                case "test" -> {
                    JsonNode found = path.isEmpty()
                            ? root
                            : JsonPointerStep.find(root, path).value();
                    if (!same(found, operation.value())) {
                        throw new FailedTest();
                    }
                }
                default -> throw rejected();
            }
        }
        return root;
    }

    /** Where a value is to stand; no operation nests a document deeper than a body may be, whatever it copies into itself. */
    private static JsonPointerStep place(JsonNode root, String path, JsonNode value) {
        long above = path.chars().filter(c -> c == '/').count();
        if (above + Json.depth(value) > Json.MAX_DEPTH) {
            throw rejected();
        }
        return JsonPointerStep.find(root, path);
    }

    private static boolean same(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return (a.isIntegralNumber() && b.isIntegralNumber())
                    ? a.longValue() == b.longValue()
                    : a.doubleValue() == b.doubleValue();
        }
        if (a.isArray() && b.isArray() && a.size() == b.size()) {
            for (int i = 0; i < a.size(); i++) {
                if (!same(a.get(i), b.get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a.isObject() && b.isObject() && a.size() == b.size()) {
            return a.properties().stream().allMatch(e -> b.has(e.getKey()) && same(e.getValue(), b.get(e.getKey())));
        }
        return a.equals(b);
    }

    private static String required(@Nullable String path) {
        if (path == null) {
            throw rejected();
        }
        return path;
    }

    /** What upstream answers for every patch that does not apply. */
    static StatusException rejected() {
        return StatusException.genericServerResponse(422, "", new GroupResource("", ""), "", "", 0, false);
    }
}
