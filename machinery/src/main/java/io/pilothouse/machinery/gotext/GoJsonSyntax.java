package io.pilothouse.machinery.gotext;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** Go's judgement of a JSON text, in the words of its scanner: for messages that repeat what json.Unmarshal says. For one text. */
public final class GoJsonSyntax {
    private static final String END = "unexpected end of JSON input";
    private static final int MAX_DEPTH = 10_000;

    private final byte[] text;
    private int at;

    private GoJsonSyntax(byte[] text) {
        this.text = text;
    }

    private static final class Mistake extends Exception {
        private static final long serialVersionUID = 1;

        Mistake(String message) {
            super(message);
        }
    }

    /** What is wrong with a text; empty for valid JSON. */
    public static Optional<String> mistake(byte[] text) {
        try {
            new GoJsonSyntax(text).whole();
            return Optional.empty();
        } catch (Mistake mistake) {
            return Optional.of(String.valueOf(mistake.getMessage()));
        }
    }

    private Mistake unexpected(String context) {
        if (at >= text.length) {
            return new Mistake(END);
        }
        char c = (char) (text[at] & 0xff);
        String shown = switch (c) {
            case '\'' -> "'\\''";
            case '"' -> "'\"'";
            default -> {
                String quoted = GoText.quote(String.valueOf(c));
                yield "'" + quoted.substring(1, quoted.length() - 1) + "'";
            }
        };
        return new Mistake("invalid character " + shown + " " + context);
    }

    private int peek() {
        return at < text.length ? text[at] & 0xff : -1;
    }

    private int skipSpace() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
        return peek();
    }

    private void whole() throws Mistake {
        Deque<Character> open = new ArrayDeque<>();
        value(open);
        while (!open.isEmpty()) {
            boolean object = open.peek() == '{';
            int c = skipSpace();
            if (c == ',') {
                at++;
                if (object) {
                    skipSpace();
                    key();
                }
                value(open);
            } else if (c == (object ? '}' : ']')) {
                at++;
                open.pop();
            } else {
                throw unexpected(object ? "after object key:value pair" : "after array element");
            }
        }
        if (skipSpace() >= 0) {
            throw unexpected("after top-level value");
        }
    }

    /** Reads a value as far as its first scalar or its end, and leaves what it opened on the stack. */
    private void value(Deque<Character> open) throws Mistake {
        while (true) {
            int c = skipSpace();
            if (c != '{' && c != '[') {
                scalar(c);
                return;
            }
            at++;
            open.push((char) c);
            if (open.size() > MAX_DEPTH) {
                at--;
                throw unexpected("exceeded max depth");
            }
            int next = skipSpace();
            if (next == (c == '{' ? '}' : ']')) {
                at++;
                open.pop();
                return;
            }
            if (c == '{') {
                key();
            }
        }
    }

    private void key() throws Mistake {
        if (peek() != '"') {
            throw unexpected("looking for beginning of object key string");
        }
        string();
        if (skipSpace() != ':') {
            throw unexpected("after object key");
        }
        at++;
    }

    private void scalar(int c) throws Mistake {
        switch (c) {
            case '"' -> string();
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> {
                if (c != '-' && !isDigit(c)) {
                    throw unexpected("looking for beginning of value");
                }
                number();
            }
        }
    }

    private void literal(String word) throws Mistake {
        for (int i = 0; i < word.length(); i++) {
            if (peek() != word.charAt(i)) {
                throw unexpected("in literal " + word + " (expecting '" + word.charAt(i) + "')");
            }
            at++;
        }
    }

    private void string() throws Mistake {
        at++;
        for (int c = peek(); c != '"'; c = peek()) {
            if (c < ' ') {
                throw unexpected("in string literal");
            }
            at++;
            if (c == '\\') {
                escape();
            }
        }
        at++;
    }

    private void escape() throws Mistake {
        int c = peek();
        if (c < 0 || "bfnrt\\/\"u".indexOf(c) < 0) {
            throw unexpected("in string escape code");
        }
        at++;
        for (int i = 0; c == 'u' && i < 4; i++) {
            if (peek() < 0 || Character.digit(peek(), 16) < 0) {
                throw unexpected("in \\u hexadecimal character escape");
            }
            at++;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private void number() throws Mistake {
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits("in numeric literal");
        }
        if (peek() == '.') {
            at++;
            digits("after decimal point in numeric literal");
        }
        if (peek() == 'e' || peek() == 'E') {
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits("in exponent of numeric literal");
        }
    }

    private void digits(String context) throws Mistake {
        if (!isDigit(peek())) {
            throw unexpected(context);
        }
        while (isDigit(peek())) {
            at++;
        }
    }
}
