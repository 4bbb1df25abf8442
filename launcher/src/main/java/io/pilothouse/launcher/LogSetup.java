package io.pilothouse.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.status.OnErrorConsoleStatusListener;
import java.util.List;
import org.slf4j.Logger;

/**
 * Where the log goes and what a line of it looks like; how much is logged is {@code PILOTHOUSE_LOG_LEVEL}'s to say. It is set up by code because an XML parser would be
 * started at every start for it. A file that is named by {@code -Dlogback.configurationFile} takes its place. Logback finds this by its service file.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final String LINE = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSX,UTC} %-5level %logger{0} %msg %kvp%n%ex{20}";
    private static final String LEVEL = "PILOTHOUSE_LOG_LEVEL";
    /** What they say at INFO is about their own insides. */
    private static final List<String> QUIET = List.of("io.netty", "io.grpc");

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        // It prints what goes wrong with the log; without one Logback begins to print that, and its dates, at every
        // start.
        var troubles = new OnErrorConsoleStatusListener();
        troubles.setContext(context);
        context.getStatusManager().add(troubles);
        var encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(LINE);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        QUIET.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(System.getProperty(LEVEL, System.getenv(LEVEL)), Level.INFO));
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
