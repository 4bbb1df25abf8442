package io.pilothouse.machinery.selector;

/** How a requirement relates a key to values. */
public enum Operator {
    IN("in"),
    NOT_IN("notin"),
    EQUALS("="),
    DOUBLE_EQUALS("=="),
    NOT_EQUALS("!="),
    GREATER("gt"),
    LESS("lt"),
    EXISTS("exists"),
    DOES_NOT_EXIST("!");

    private final String text;

    Operator(String text) {
        this.text = text;
    }

    /** Upstream's name of the operator. */
    public String text() {
        return text;
    }
}
