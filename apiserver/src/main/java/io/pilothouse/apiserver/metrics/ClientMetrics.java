package io.pilothouse.apiserver.metrics;

import java.net.URI;

/** What this server asks of others as their client, under upstream's names: rest_client_*. Safe for use by many threads. */
public final class ClientMetrics {
    private static final double[] SECONDS = {0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60};
    private static final double[] BYTES = {
        64, 256, 512, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216
    };
    private static final String METHOD = "POST";

    private final Family.Of<Counter> requests;
    private final Family.Of<Histogram> durations;
    private final Family.Of<Histogram> sent;
    private final Family.Of<Histogram> received;

    public ClientMetrics(Metrics metrics) {
        requests = metrics.counters(
                "rest_client_requests_total",
                Stability.ALPHA,
                "Number of HTTP requests, partitioned by status code, method, and host.",
                "code",
                "method",
                "host");
        durations = metrics.histograms(
                "rest_client_request_duration_seconds",
                Stability.ALPHA,
                "Request latency in seconds. Broken down by verb, and host.",
                SECONDS,
                "verb",
                "host");
        sent = metrics.histograms(
                "rest_client_request_size_bytes",
                Stability.ALPHA,
                "Request size in bytes. Broken down by verb and host.",
                BYTES,
                "verb",
                "host");
        received = metrics.histograms(
                "rest_client_response_size_bytes",
                Stability.ALPHA,
                "Response size in bytes. Broken down by verb and host.",
                BYTES,
                "verb",
                "host");
    }

    /** A question was posted and answered. */
    public void answered(URI url, int code, long startNanos, int bytesSent, int bytesReceived) {
        String host = url.getRawAuthority();
        requests.of(Integer.toString(code), METHOD, host).increment();
        durations.of(METHOD, host).since(startNanos);
        sent.of(METHOD, host).observe(bytesSent);
        received.of(METHOD, host).observe(bytesReceived);
    }

    /** A question was posted, and no answer came. */
    public void failed(URI url, long startNanos) {
        String host = url.getRawAuthority();
        requests.of("<error>", METHOD, host).increment();
        durations.of(METHOD, host).since(startNanos);
    }
}
