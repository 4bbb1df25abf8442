package io.pilothouse.controllers.identity;

import io.fabric8.kubernetes.client.KubernetesClient;

/** The clients through which controllers write. */
public interface ControllerClients extends AutoCloseable {
    /** The client of whoever acts as {@code account}; stays this one's to close. */
    KubernetesClient of(String account);

    @Override
    void close();

    /** All act as the one who owns {@code client}, which stays the caller's. */
    static ControllerClients shared(KubernetesClient client) {
        return new ControllerClients() {
            @Override
            public KubernetesClient of(String account) {
                return client;
            }

            @Override
            public void close() {
                // The client is the caller's.
            }
        };
    }
}
