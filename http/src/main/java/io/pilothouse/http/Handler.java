package io.pilothouse.http;

/** What answers requests. Each call runs on a virtual thread of its own and may block; the exchange ends when it returns. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers one request: with {@link Exchange#respond}, {@link Exchange#startStream} or one of the upgrades. A stream or an upgraded
     * connection that is still open on return is closed.
     *
     * @throws Exception a fault: it is logged and, where nothing was answered, rendered as 500
     */
    void handle(Exchange exchange) throws Exception;
}
