package io.pilothouse.worker.kube;

import java.io.IOException;

/** Where a client's bearer token comes from. Safe on any thread. */
@FunctionalInterface
public interface Credentials {
    /** The token to send now; empty for none. */
    String token() throws IOException;

    /** The server refused the last one: get another next time. */
    default void refused() {}
}
