package io.pilothouse.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.SubstituteLoggerFactory;

/** How much is logged, as Kubernetes' programs are told it: {@code --v} and a number, on top of what the environment says. */
final class Verbosity {
    private static final int REQUESTS = 3;
    private static final int EVERYTHING = 6;
    private static final long MOMENT_NANOS = 1_000_000;

    private Verbosity() {}

    /** @param told the level; below 3, as much as the environment says */
    static void set(int told) {
        if (loggers().getLogger("io.pilothouse") instanceof Logger own) {
            // Without a level of its own it has the one that the environment says.
            own.setLevel(told >= EVERYTHING ? Level.TRACE : told >= REQUESTS ? Level.DEBUG : null);
        }
    }

    /** While another thread sets the log up there are only loggers that remember what they are told; a start's other threads log early. */
    private static ILoggerFactory loggers() {
        var loggers = LoggerFactory.getILoggerFactory();
        while (loggers instanceof SubstituteLoggerFactory) {
            LockSupport.parkNanos(MOMENT_NANOS);
            loggers = LoggerFactory.getILoggerFactory();
        }
        return loggers;
    }
}
