package io.pilothouse.apiserver.admission.podsecurity;

import java.util.Locale;
import java.util.Optional;

/** A level of the standards, the least strict first. */
enum Level {
    PRIVILEGED,
    BASELINE,
    RESTRICTED;

    static Optional<Level> parse(String text) {
        return switch (text) {
            case "privileged" -> Optional.of(PRIVILEGED);
            case "baseline" -> Optional.of(BASELINE);
            case "restricted" -> Optional.of(RESTRICTED);
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
