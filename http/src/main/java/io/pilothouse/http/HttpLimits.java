package io.pilothouse.http;

import java.time.Duration;

/**
 * What bounds a server.
 *
 * @param maxConnections further connections are closed at once
 * @param maxConcurrentRequests further requests get 503; open streams count
 * @param maxStreamsPerConnection HTTP/2's SETTINGS_MAX_CONCURRENT_STREAMS
 * @param maxHeaderBytes request line and fields together; beyond it 431
 * @param headerTimeout from the first byte of a request (or the TCP accept) to the end of its fields; beyond it 408
 * @param idleTimeout how long an HTTP/1.1 connection may wait for its next request, and an HTTP/2 one may have no stream
 * @param stallTimeout how long a body or a response may make no progress
 */
public record HttpLimits(
        int maxConnections,
        int maxConcurrentRequests,
        int maxStreamsPerConnection,
        int maxHeaderBytes,
        Duration headerTimeout,
        Duration idleTimeout,
        Duration stallTimeout) {
    /** Checks that everything is positive. */
    public HttpLimits {
        if (maxConnections < 1 || maxConcurrentRequests < 1 || maxStreamsPerConnection < 1 || maxHeaderBytes < 256) {
            throw new IllegalArgumentException("limits must be positive");
        }
        if (!headerTimeout.isPositive() || !idleTimeout.isPositive() || !stallTimeout.isPositive()) {
            throw new IllegalArgumentException("timeouts must be positive");
        }
    }

    /** 20,000 connections and requests, 250 streams, 1 MiB of fields as Go's server allows, 32 s, 3 min, 60 s. */
    public static HttpLimits defaults() {
        return new HttpLimits(
                20_000, 20_000, 250, 1 << 20, Duration.ofSeconds(32), Duration.ofMinutes(3), Duration.ofSeconds(60));
    }
}
