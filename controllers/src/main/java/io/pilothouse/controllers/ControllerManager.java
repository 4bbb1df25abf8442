package io.pilothouse.controllers;

import io.pilothouse.controllers.identity.AccountClients;
import io.pilothouse.controllers.identity.ControllerClients;
import io.pilothouse.controllers.runtime.Component;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.io.IOException;
import java.time.Clock;

/** The controllers of a cluster. */
public final class ControllerManager {
    private ControllerManager() {}

    /**
     * Starts to campaign; returns at once. Without leader election, returns when the controllers run.
     *
     * @throws IllegalArgumentException listing all that is wrong with the options
     * @throws IOException if a file cannot be read
     */
    public static Component start(ControllerManagerOptions options, Clock clock) throws IOException {
        return Component.start(
                "kube-controller-manager",
                options.client,
                options.problems(),
                clock,
                context -> join(context, options));
    }

    private static void join(ControllerContext context, ControllerManagerOptions options) throws IOException {
        ControllerClients clients = options.useServiceAccountCredentials
                ? new AccountClients(context.client(), context.clock())
                : ControllerClients.shared(context.client());
        new ControllerCatalogue().join(options.controllers, context, clients, options);
        // Last, after all that uses them.
        context.onClose(clients::close);
    }
}
