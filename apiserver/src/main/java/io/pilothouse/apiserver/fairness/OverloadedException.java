package io.pilothouse.apiserver.fairness;

/** There was no seat for a request, nor a place to wait, or not in time. */
public final class OverloadedException extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient Seat seat;
    private final int retryAfterSeconds;

    OverloadedException(String reason, Seat seat, int retryAfterSeconds) {
        super(reason, null, false, false);
        this.seat = seat;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Where the request would have sat; nothing is held. */
    public Seat seat() {
        return seat;
    }

    public int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
