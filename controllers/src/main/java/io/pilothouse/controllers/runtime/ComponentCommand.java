package io.pilothouse.controllers.runtime;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs a {@link Component} until the process is told to end. */
public abstract class ComponentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** All that is wrong with the options. */
    protected abstract List<String> problems();

    /** Starts the component. */
    protected abstract Component start(Clock clock) throws IOException;

    @Override
    public final Integer call() throws IOException, InterruptedException {
        var problems = problems();
        if (!problems.isEmpty()) {
            problems.forEach(problem -> spec.commandLine().getErr().println(problem));
            return 2;
        }
        var ended = new CountDownLatch(1);
        var component = start(Clock.systemUTC());
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            component.close();
                            ended.countDown();
                        },
                        "shutdown"));
        ended.await();
        return 0;
    }
}
