package io.pilothouse.scheduler;

import io.pilothouse.controllers.runtime.ClientOptions;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The flags of the scheduler, with kube-scheduler's names and defaults. */
public final class SchedulerOptions {
    /** How the API server is reached and who leads. */
    @Mixin
    public ClientOptions client = new ClientOptions("kube-scheduler");

    /** All that is wrong, empty if the scheduler can start. */
    public List<String> problems() {
        return client.problems();
    }
}
