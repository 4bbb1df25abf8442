package io.pilothouse.apiserver.audit;

import java.util.Arrays;
import java.util.Optional;

/** How much is told of a request, less first. */
public enum Level {
    NONE("None"),
    METADATA("Metadata"),
    REQUEST("Request"),
    REQUEST_RESPONSE("RequestResponse");

    private final String text;

    Level(String text) {
        this.text = text;
    }

    /** Upstream's name of it. */
    public String text() {
        return text;
    }

    static Optional<Level> parse(String text) {
        return Arrays.stream(values()).filter(l -> l.text.equals(text)).findFirst();
    }

    boolean atLeast(Level other) {
        return compareTo(other) >= 0;
    }
}
