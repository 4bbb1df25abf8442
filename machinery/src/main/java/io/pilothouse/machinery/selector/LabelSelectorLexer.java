package io.pilothouse.machinery.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Splits a label selector's text into tokens. */
final class LabelSelectorLexer {
    enum Kind {
        ERROR,
        END,
        CLOSE,
        COMMA,
        NOT,
        DOUBLE_EQUALS,
        EQUALS,
        GREATER,
        IDENTIFIER,
        IN,
        LESS,
        NOT_EQUALS,
        NOT_IN,
        OPEN
    }

    record Token(Kind kind, String text) {
        /** The kind where a value may stand: there, {@code in} and {@code notin} are ordinary words. */
        Kind asValue() {
            return kind == Kind.IN || kind == Kind.NOT_IN ? Kind.IDENTIFIER : kind;
        }
    }

    private static final Map<String, Kind> SYMBOLS = Map.ofEntries(
            Map.entry(")", Kind.CLOSE),
            Map.entry(",", Kind.COMMA),
            Map.entry("!", Kind.NOT),
            Map.entry("==", Kind.DOUBLE_EQUALS),
            Map.entry("=", Kind.EQUALS),
            Map.entry(">", Kind.GREATER),
            Map.entry("in", Kind.IN),
            Map.entry("<", Kind.LESS),
            Map.entry("!=", Kind.NOT_EQUALS),
            Map.entry("notin", Kind.NOT_IN),
            Map.entry("(", Kind.OPEN));

    private final String text;
    private int at;

    private LabelSelectorLexer(String text) {
        this.text = text;
    }

    static List<Token> scan(String text) {
        LabelSelectorLexer lexer = new LabelSelectorLexer(text);
        List<Token> out = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            out.add(token);
        } while (token.kind() != Kind.END);
        return out;
    }

    private Token next() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        if (at >= text.length() || text.charAt(at) == 0) {
            return new Token(Kind.END, "");
        }
        return isSymbol(text.charAt(at)) ? symbol() : word();
    }

    private Token word() {
        int start = at;
        while (at < text.length() && !isSymbol(text.charAt(at)) && !isSpace(text.charAt(at)) && text.charAt(at) != 0) {
            at++;
        }
        String word = text.substring(start, at);
        return new Token(SYMBOLS.getOrDefault(word, Kind.IDENTIFIER), word);
    }

    /** The longest symbol that stands here. */
    private Token symbol() {
        int start = at;
        @Nullable Token last = null;
        while (at < text.length() && isSymbol(text.charAt(at))) {
            String tried = text.substring(start, at + 1);
            Kind kind = SYMBOLS.get(tried);
            if (kind == null && last != null) {
                break;
            }
            if (kind != null) {
                last = new Token(kind, tried);
            }
            at++;
        }
        return last != null
                ? last
                : new Token(Kind.ERROR, "error expected: keyword found '" + text.substring(start, at) + "'");
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private static boolean isSymbol(char c) {
        return "=!(),><".indexOf(c) >= 0;
    }
}
