package io.pilothouse.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.ParseResult;

/** How much is logged, as Kubernetes' programs are told it: {@code --v} and a number, on top of what the environment says. */
final class Verbosity {
    private static final int REQUESTS = 3;
    private static final int EVERYTHING = 6;

    private Verbosity() {}

    /** What a part that picocli reads was told. */
    static void apply(ParseResult parsed) {
        for (var part : parsed.asCommandLineList()) {
            int told = part.getParseResult().matchedOptionValue("--v", 0);
            if (told > 0) {
                set(told);
            }
        }
    }

    static void set(int told) {
        if (LoggerFactory.getLogger("io.pilothouse") instanceof Logger own) {
            // Without a level of its own it has the one that the environment says.
            own.setLevel(told >= EVERYTHING ? Level.TRACE : told >= REQUESTS ? Level.DEBUG : null);
        }
    }
}
