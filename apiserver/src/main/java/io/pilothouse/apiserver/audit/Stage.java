package io.pilothouse.apiserver.audit;

import java.util.Arrays;
import java.util.Optional;

/** When in the life of a request an event is made. */
public enum Stage {
    REQUEST_RECEIVED("RequestReceived"),
    RESPONSE_STARTED("ResponseStarted"),
    RESPONSE_COMPLETE("ResponseComplete"),
    PANIC("Panic");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** Upstream's name of it. */
    public String text() {
        return text;
    }

    static Optional<Stage> parse(String text) {
        return Arrays.stream(values()).filter(s -> s.text.equals(text)).findFirst();
    }
}
