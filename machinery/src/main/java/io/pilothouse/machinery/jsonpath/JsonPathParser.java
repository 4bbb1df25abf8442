package io.pilothouse.machinery.jsonpath;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads paths. For one thread. */
final class JsonPathParser {
    private final String text;
    private int at;

    JsonPathParser(String text) {
        this.text = text;
    }

    JsonPath path() {
        List<JsonPath.Step> steps = new ArrayList<>();
        if (at < text.length() && (text.charAt(at) == '$' || text.charAt(at) == '@')) {
            at++;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            if (text.startsWith("..", at)) {
                at += 2;
                steps.add(JsonPathParser::descend);
                if (at < text.length() && text.charAt(at) != '[') {
                    steps.add(field());
                }
            } else if (c == '.') {
                at++;
                if (at < text.length() && text.charAt(at) != '[') {
                    steps.add(field());
                }
            } else if (c == '[') {
                steps.add(bracket());
            } else {
                throw new JsonPathException("unexpected " + c + " at " + at + " in " + text);
            }
        }
        return new JsonPath(steps);
    }

    private static void descend(JsonNode value, List<JsonNode> out) {
        out.add(value);
        value.forEach(child -> descend(child, out));
    }

    private JsonPath.Step field() {
        StringBuilder name = new StringBuilder();
        while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            name.append(text.charAt(at++));
        }
        if (name.isEmpty()) {
            throw new JsonPathException("a field without a name in " + text);
        }
        return name.toString().equals("*") ? (value, out) -> value.forEach(out::add) : named(name.toString());
    }

    private static JsonPath.Step named(String name) {
        return (value, out) -> {
            JsonNode child = value.get(name);
            if (child != null) {
                out.add(child);
            }
        };
    }

    private JsonPath.Step bracket() {
        int end = closing();
        String inside = text.substring(at + 1, end).trim();
        at = end + 1;
        if (inside.startsWith("?(") && inside.endsWith(")")) {
            JsonPathFilter filter = JsonPathFilter.parse(
                    inside.substring(2, inside.length() - 1).trim());
            return (value, out) -> value.forEach(element -> {
                if (filter.accepts(element)) {
                    out.add(element);
                }
            });
        }
        List<JsonPath.Step> parts = new ArrayList<>();
        for (String part : inside.split(",", -1)) {
            parts.add(part(part.trim()));
        }
        return (value, out) -> parts.forEach(p -> p.follow(value, out));
    }

    /** The bracket that closes the one here; those in quotes and within others do not count. */
    private int closing() {
        int depth = 0;
        char quote = 0;
        for (int i = at; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '[') {
                depth++;
            } else if (c == ']' && --depth == 0) {
                return i;
            }
        }
        throw new JsonPathException("unterminated array in " + text);
    }

    static boolean isQuoted(String text) {
        char first = text.isEmpty() ? ' ' : text.charAt(0);
        return text.length() >= 2 && (first == '\'' || first == '"') && text.charAt(text.length() - 1) == first;
    }

    private static JsonPath.Step part(String part) {
        if (part.equals("*")) {
            return (value, out) -> value.forEach(out::add);
        }
        if (isQuoted(part)) {
            return named(part.substring(1, part.length() - 1));
        }
        String[] bounds = part.split(":", -1);
        if (bounds.length == 1) {
            int index = number(part, 0);
            return (value, out) -> {
                JsonNode element = value.isArray() ? value.get(index < 0 ? index + value.size() : index) : null;
                if (element != null) {
                    out.add(element);
                }
            };
        }
        if (bounds.length > 3) {
            throw new JsonPathException("invalid array index " + part);
        }
        int from = number(bounds[0], 0);
        int to = number(bounds[1], Integer.MAX_VALUE);
        int step = bounds.length == 3 ? number(bounds[2], 1) : 1;
        if (step <= 0) {
            throw new JsonPathException("step must be > 0");
        }
        return (value, out) -> slice(value, from, to, step, out);
    }

    private static void slice(JsonNode value, int from, int to, int step, List<JsonNode> out) {
        int start = Math.max(0, from < 0 ? from + value.size() : from);
        int end = Math.min(value.size(), to < 0 ? to + value.size() : to);
        for (int i = start; value.isArray() && i < end; i += step) {
            out.add(value.get(i));
        }
    }

    private static int number(String digits, int otherwise) {
        if (digits.isEmpty()) {
            return otherwise;
        }
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException e) {
            throw new JsonPathException("invalid array index " + digits);
        }
    }
}
