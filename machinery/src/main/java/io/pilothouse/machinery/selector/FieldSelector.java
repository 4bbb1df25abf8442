package io.pilothouse.machinery.selector;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All of some conditions on fields; none selects everything. Immutable. */
public record FieldSelector(List<Term> terms) {
    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /** One field that must equal, or must not equal, a value. */
    public record Term(String field, boolean equal, String value) {
        @Override
        public String toString() {
            String escaped = value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
            return field + (equal ? "=" : "!=") + escaped;
        }
    }

    public static FieldSelector everything() {
        return new FieldSelector(List.of());
    }

    /** Reads {@code a=b,c!=d}; a backslash escapes commas, equals signs and itself in a value. */
    public static FieldSelector parse(String text) {
        List<String> parts = split(text);
        Collections.sort(parts);
        List<Term> out = new ArrayList<>();
        for (String part : parts) {
            if (!part.isEmpty()) {
                out.add(term(text, part));
            }
        }
        return new FieldSelector(out);
    }

    private static List<String> split(String text) {
        List<String> out = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                out.add(text.substring(start, i));
                start = i + 1;
            }
        }
        out.add(text.substring(start));
        return out;
    }

    private static Term term(String whole, String part) {
        for (int i = 0; i < part.length(); i++) {
            for (String operator : List.of("!=", "==", "=")) {
                if (part.startsWith(operator, i)) {
                    return new Term(
                            part.substring(0, i),
                            !operator.equals("!="),
                            unescape(part.substring(i + operator.length())));
                }
            }
        }
        throw new SelectorException("invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                char next = i + 1 < value.length() ? value.charAt(i + 1) : ' ';
                if (next != '\\' && next != ',' && next != '=') {
                    String sequence = i + 1 < value.length() ? value.substring(i, i + 2) : "\\";
                    throw new SelectorException("invalid field selector: invalid escape sequence: " + sequence);
                }
                out.append(next);
                i++;
            } else if (c == ',' || c == '=') {
                throw new SelectorException("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Whether the fields, given by the function, match; null from it counts as an empty value. */
    public boolean matches(Function<String, @Nullable String> fields) {
        for (Term term : terms) {
            String value = fields.apply(term.field());
            if (term.value().equals(value == null ? "" : value) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /** The value that a field must have, where one is required. */
    public Optional<String> requiredValue(String field) {
        return terms.stream()
                .filter(t -> t.equal() && t.field().equals(field))
                .map(Term::value)
                .findFirst();
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }

    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}
