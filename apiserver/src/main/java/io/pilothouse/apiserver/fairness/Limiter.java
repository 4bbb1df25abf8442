package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import java.util.function.Consumer;

/** Lets in as many requests as the server does at once. Safe for use by many threads. */
public interface Limiter {
    /**
     * Waits for a seat.
     *
     * @param onGone takes an action to run when the client goes away while it waits
     * @throws OverloadedException if there is none
     */
    Seat admit(UserInfo user, RequestInfo info, Query query, Consumer<Runnable> onGone)
            throws OverloadedException, InterruptedException;
}
