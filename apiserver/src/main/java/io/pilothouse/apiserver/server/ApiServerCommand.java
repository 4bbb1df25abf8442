package io.pilothouse.apiserver.server;

import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pilothouse apiserver}: one API server with kube-apiserver's flags, until it is told to end. */
@Command(
        name = "apiserver",
        description = "One Kubernetes API server",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ApiServerCommand implements Callable<Integer> {
    @Mixin
    ApiServerOptions options;

    /** Begun while the command line is still being read. */
    private final Ahead<BuiltIn> builtIn = BuiltIn.ahead();

    @Override
    public Integer call() throws Exception {
        var ended = new CountDownLatch(1);
        ApiServer server;
        try {
            server = ApiServer.start(options, ApiServer.ExtensionFactory.NONE, Clock.systemUTC(), builtIn);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(new CommandLine(this), String.valueOf(e.getMessage()));
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
