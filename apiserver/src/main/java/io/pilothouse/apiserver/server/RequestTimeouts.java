package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.request.TimeLimit;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.gotext.GoDuration;
import io.pilothouse.machinery.status.StatusException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Holds requests to their time: what they say themselves ({@code ?timeout=}), at most what the server allows, but for those that last. A
 * request whose time is over is answered with 504, or broken off where its answer has begun; the work for it is interrupted.
 */
final class RequestTimeouts implements AutoCloseable {
    private static final byte[] ANSWER =
            ("{\"metadata\":{},\"status\":\"Failure\",\"message\":\"Timeout: request did not complete within the"
                            + " allotted timeout\",\"reason\":\"Timeout\",\"details\":{},\"code\":504}\n")
                    .getBytes(StandardCharsets.UTF_8);

    private static final int TICK_SECONDS = 10;

    private final Duration most;
    private final Clock clock;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("timeouts-", 0).factory());

    /** @param most what a request is allowed */
    RequestTimeouts(Duration most, Clock clock) {
        this.most = most;
        this.clock = clock;
        timer.setRemoveOnCancelPolicy(true);
        // While something nearer is to come, the timer's thread is not woken to take note of each request.
        var _ = timer.scheduleAtFixedRate(() -> {}, TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Starts the time of a request that the calling thread serves.
     *
     * @throws StatusException 400 if the request says what is no duration
     */
    TimeLimit begin(ApiRequest request, ObservedExchange exchange, RequestMetrics.InFlight measured) {
        if (request.info().longRunning()) {
            return TimeLimit.none(timer);
        }
        var allowed = allowed(request.query().first("timeout"));
        var left = Duration.between(clock.instant(), request.received().plus(allowed));
        return TimeLimit.start(left, timer, () -> cut(exchange, request.auditId(), measured));
    }

    /** No time said, or none at all, is all the time there is. */
    private Duration allowed(String said) {
        if (said.isEmpty()) {
            return most;
        }
        try {
            var wanted = GoDuration.parse(said);
            return wanted.isPositive() && wanted.compareTo(most) < 0 ? wanted : most;
        } catch (IllegalArgumentException e) {
            throw StatusException.badRequest("invalid timeout specified in the request URL - " + e.getMessage());
        }
    }

    /** Upstream answers before it is known in which form the client wants answers: in plain JSON that does not say what it is. */
    private static void cut(ObservedExchange exchange, String auditId, RequestMetrics.InFlight measured) {
        var headers = Headers.of(
                "audit-id", auditId, "cache-control", "no-cache, private", "content-type", "text/plain; charset=utf-8");
        measured.timedOut(exchange.cut(504, headers, ANSWER));
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
