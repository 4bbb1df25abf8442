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

    static void apply(ParseResult parsed) {
        for (var part : parsed.asCommandLineList()) {
            int told = part.getParseResult().matchedOptionValue("--v", 0);
            if (told >= REQUESTS && LoggerFactory.getLogger("io.pilothouse") instanceof Logger own) {
                own.setLevel(told >= EVERYTHING ? Level.TRACE : Level.DEBUG);
            }
        }
    }
}
