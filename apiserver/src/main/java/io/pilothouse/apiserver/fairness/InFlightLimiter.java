package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Without priority and fairness: so many requests that read and so many that change at once, none waits, and the superusers are always let in
 * ({@code --max-requests-inflight}, {@code --max-mutating-requests-inflight}).
 */
public final class InFlightLimiter implements Limiter {
    private static final Seat UNLIMITED = new Seat("", "", () -> {});

    private final Semaphore reads;
    private final Semaphore changes;

    /** 0 for no limit. */
    public InFlightLimiter(int mostReads, int mostChanges) {
        reads = new Semaphore(mostReads == 0 ? Integer.MAX_VALUE : mostReads);
        changes = new Semaphore(mostChanges == 0 ? Integer.MAX_VALUE : mostChanges);
    }

    @Override
    public Seat admit(UserInfo user, RequestInfo info, Query query, Consumer<Runnable> onGone)
            throws OverloadedException {
        if (info.longRunning()) {
            return UNLIMITED;
        }
        var seats = info.readOnly() ? reads : changes;
        if (seats.tryAcquire()) {
            return new Seat("", "", seats::release);
        }
        if (user.in(UserInfo.SUPERUSERS)) {
            return UNLIMITED;
        }
        throw new OverloadedException("too many requests", UNLIMITED, 1);
    }
}
