package io.pilothouse.machinery.selector;

import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.selector.LabelSelectorLexer.Kind;
import io.pilothouse.machinery.selector.LabelSelectorLexer.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the query parameter's form of a label selector; one use. Errors are upstream's. */
final class LabelSelectorParser {
    private final List<Token> tokens;
    private int at;

    LabelSelectorParser(String text) {
        tokens = LabelSelectorLexer.scan(text);
    }

    List<Requirement> parse() {
        List<Requirement> out = new ArrayList<>();
        while (true) {
            Token token = peek();
            switch (token.asValue()) {
                case END -> {
                    return out;
                }
                case IDENTIFIER, NOT -> out.add(requirementInContext());
                default ->
                    throw new SelectorException(
                            "found '" + token.text() + "', expected: !, identifier, or 'end of string'");
            }
            Token after = take();
            if (after.kind() == Kind.END) {
                return out;
            }
            if (after.kind() != Kind.COMMA) {
                throw new SelectorException("found '" + after.text() + "', expected: ',' or 'end of string'");
            }
            if (peek().asValue() != Kind.IDENTIFIER && peek().kind() != Kind.NOT) {
                throw new SelectorException("found '" + peek().text() + "', expected: identifier after ','");
            }
        }
    }

    private Requirement requirementInContext() {
        try {
            return requirement();
        } catch (SelectorException e) {
            SelectorException wrapped = new SelectorException("unable to parse requirement: " + e.getMessage());
            wrapped.initCause(e);
            throw wrapped;
        }
    }

    private Requirement requirement() {
        Token token = take();
        boolean not = token.kind() == Kind.NOT;
        if (not) {
            token = take();
        }
        if (token.asValue() != Kind.IDENTIFIER) {
            throw new SelectorException("found '" + token.text() + "', expected: identifier");
        }
        String key = token.text();
        List<FieldError> errors = new ArrayList<>();
        Requirement.labelKey(key, FieldPath.ROOT, errors);
        if (!errors.isEmpty()) {
            throw new SelectorException(errors.getFirst().message());
        }
        if (not) {
            return Requirement.checked(key, Operator.DOES_NOT_EXIST, List.of());
        }
        if (peek().kind() == Kind.END || peek().kind() == Kind.COMMA) {
            return Requirement.checked(key, Operator.EXISTS, List.of());
        }
        Operator operator = operator();
        List<String> values = operator == Operator.IN || operator == Operator.NOT_IN ? values() : List.of(exactValue());
        return Requirement.checked(key, operator, values);
    }

    private Operator operator() {
        Token token = take();
        return switch (token.kind()) {
            case IN -> Operator.IN;
            case NOT_IN -> Operator.NOT_IN;
            case EQUALS -> Operator.EQUALS;
            case DOUBLE_EQUALS -> Operator.DOUBLE_EQUALS;
            case NOT_EQUALS -> Operator.NOT_EQUALS;
            case GREATER -> Operator.GREATER;
            case LESS -> Operator.LESS;
            default ->
                throw new SelectorException("found '" + token.text() + "', expected: in, notin, =, ==, !=, gt, lt");
        };
    }

    private List<String> values() {
        Token open = take();
        if (open.kind() != Kind.OPEN) {
            throw new SelectorException("found '" + open.text() + "' expected: '('");
        }
        Token first = peek();
        if (first.kind() == Kind.CLOSE) {
            take();
            return List.of("");
        }
        if (first.asValue() != Kind.IDENTIFIER && first.kind() != Kind.COMMA) {
            throw new SelectorException("found '" + first.text() + "', expected: ',', ')' or identifier");
        }
        List<String> values = identifiers();
        if (take().kind() != Kind.CLOSE) {
            throw new SelectorException("found '" + first.text() + "', expected: ')'");
        }
        return values;
    }

    /** Words between commas; between two commas stands an empty one. */
    private List<String> identifiers() {
        TreeSet<String> out = new TreeSet<>();
        @Nullable Kind previous = null;
        while (true) {
            Token token = take();
            switch (token.asValue()) {
                case IDENTIFIER -> {
                    out.add(token.text());
                    if (peek().kind() == Kind.CLOSE) {
                        return List.copyOf(out);
                    }
                    if (peek().kind() != Kind.COMMA) {
                        throw new SelectorException("found '" + peek().text() + "', expected: ',' or ')'");
                    }
                }
                case COMMA -> {
                    if (previous == null || peek().kind() == Kind.COMMA || peek().kind() == Kind.CLOSE) {
                        out.add("");
                    }
                    if (peek().kind() == Kind.CLOSE) {
                        return List.copyOf(out);
                    }
                }
                default -> throw new SelectorException("found '" + token.text() + "', expected: ',', or identifier");
            }
            previous = token.kind();
        }
    }

    private String exactValue() {
        if (peek().kind() == Kind.END || peek().kind() == Kind.COMMA) {
            return "";
        }
        Token token = take();
        if (token.asValue() != Kind.IDENTIFIER) {
            throw new SelectorException("found '" + token.text() + "', expected: identifier");
        }
        return token.text();
    }

    private Token peek() {
        return tokens.get(Math.min(at, tokens.size() - 1));
    }

    private Token take() {
        Token token = peek();
        at++;
        return token;
    }
}
