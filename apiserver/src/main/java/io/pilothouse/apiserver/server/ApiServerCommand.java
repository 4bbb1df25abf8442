package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.flags.FlagException;
import io.pilothouse.apiserver.flags.FlagSet;
import io.pilothouse.apiserver.flags.Program;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntConsumer;
import org.slf4j.LoggerFactory;

/** {@code pilothouse apiserver}: one API server with kube-apiserver's flags, until it is told to end. */
public final class ApiServerCommand {
    public static final String NAME = "apiserver";
    public static final String DESCRIPTION = "One Kubernetes API server";

    /** What {@code --version} prints of every part that is an API server. */
    public static final String VERSION = "Kubernetes " + ServerVersion.GIT;

    /** Begun while the command line is still being read. */
    private final Ahead<BuiltIn> builtIn = BuiltIn.ahead();

    private final ApiServerOptions options = new ApiServerOptions();
    private final IntConsumer verbosity;

    /** @param verbosity changes how much is logged */
    public ApiServerCommand(IntConsumer verbosity) {
        this.verbosity = verbosity;
    }

    /** Runs it with what follows its name. @return the process's exit code */
    public int run(String... arguments) {
        var flags = new FlagSet("pilothouse " + NAME);
        options.declare(flags);
        return new Program(flags, DESCRIPTION, VERSION).run(arguments, this::serve);
    }

    private int serve() throws IOException, InterruptedException {
        options.onVerbosity(verbosity);
        var ended = new CountDownLatch(1);
        ApiServer server;
        try {
            server = ApiServer.start(options, ApiServer.ExtensionFactory.NONE, Clock.systemUTC(), builtIn);
        } catch (IllegalArgumentException e) {
            throw new FlagException(String.valueOf(e.getMessage()));
        }
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            server.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        LoggerFactory.getLogger(ApiServerCommand.class).info("API server ended");
        return 0;
    }
}
