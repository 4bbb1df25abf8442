package io.pilothouse.machinery.jsonpath;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The condition of a filter step: a comparison of two operands, or one operand that must be there. */
final class JsonPathFilter {
    private static final List<String> OPERATORS = List.of("==", "!=", "<=", ">=", "<", ">");
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Operand left;
    private final String operator;
    private final @Nullable Operand right;

    /** A path from the element, or a literal. */
    private interface Operand {
        List<JsonNode> of(JsonNode element);
    }

    private JsonPathFilter(Operand left, String operator, @Nullable Operand right) {
        this.left = left;
        this.operator = operator;
        this.right = right;
    }

    static JsonPathFilter parse(String text) {
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else {
                for (String operator : OPERATORS) {
                    if (text.startsWith(operator, i)) {
                        return new JsonPathFilter(
                                operand(text.substring(0, i).trim()),
                                operator,
                                operand(text.substring(i + operator.length()).trim()));
                    }
                }
            }
        }
        return new JsonPathFilter(operand(text), "exists", null);
    }

    private static Operand operand(String text) {
        if (text.startsWith("@") || text.startsWith(".")) {
            return JsonPath.parse(text)::find;
        }
        JsonNode literal = literal(text);
        return element -> List.of(literal);
    }

    private static JsonNode literal(String text) {
        if (JsonPathParser.isQuoted(text)) {
            return NODES.textNode(text.substring(1, text.length() - 1));
        }
        if (text.equals("true") || text.equals("false")) {
            return NODES.booleanNode(text.equals("true"));
        }
        try {
            return NODES.numberNode(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new JsonPathException("unrecognized filter operand " + text);
        }
    }

    boolean accepts(JsonNode element) {
        List<JsonNode> lefts = left.of(element);
        if (right == null) {
            return !lefts.isEmpty();
        }
        List<JsonNode> rights = right.of(element);
        return lefts.size() == 1 && rights.size() == 1 && compare(lefts.getFirst(), rights.getFirst());
    }

    private boolean compare(JsonNode a, JsonNode b) {
        boolean numbers = a.isNumber() && b.isNumber();
        if (!numbers && !(a.isTextual() && b.isTextual())) {
            boolean equal = a.equals(b);
            return operator.equals("==") ? equal : operator.equals("!=") && !equal;
        }
        int order = numbers
                ? Double.compare(a.doubleValue(), b.doubleValue())
                : a.textValue().compareTo(b.textValue());
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }
}
