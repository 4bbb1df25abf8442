package io.pilothouse.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Posts an object to a webhook and reads the one that it answers with. What may pass (no connection, 429, 5xx) is tried again with growing
 * pauses, five times in all, as upstream does. Safe for many threads; a caller waits.
 */
public final class WebhookClient {
    private static final int ATTEMPTS = 5;
    private static final double GROWTH = 1.5;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TOO_MANY_REQUESTS = 429;

    private final WebhookTarget target;
    private final ClientMetrics metrics;
    private final HttpClient http;
    private final Duration pause;
    private final Duration timeout;

    /** @throws IOException if the target's certificates cannot be used */
    public WebhookClient(WebhookTarget target, ClientMetrics metrics) throws IOException {
        this(target, metrics, Duration.ofMillis(500));
    }

    /** @param pause after the first failure */
    public WebhookClient(WebhookTarget target, ClientMetrics metrics, Duration pause) throws IOException {
        this(target, metrics, pause, TIMEOUT);
    }

    /**
     * @param pause after the first failure
     * @param timeout of one attempt
     */
    public WebhookClient(WebhookTarget target, ClientMetrics metrics, Duration pause, Duration timeout)
            throws IOException {
        this.target = target;
        this.metrics = metrics;
        this.pause = pause;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .sslContext(target.tls().context())
                .connectTimeout(timeout)
                .build();
    }

    /** @throws IOException if no attempt brought a JSON object with a status of success */
    public ObjectNode call(ObjectNode question) throws IOException {
        return read(send(question));
    }

    /** Posts what is not answered. @throws IOException if no attempt brought a status of success */
    public void post(ObjectNode object) throws IOException {
        requireSuccess(send(object));
    }

    private HttpResponse<byte[]> send(ObjectNode question) throws IOException {
        var request = HttpRequest.newBuilder(target.url())
                .timeout(timeout)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json");
        target.authorization().ifPresent(value -> request.header("Authorization", value));
        byte[] body = Json.write(question);
        var posted = request.POST(BodyPublishers.ofByteArray(body)).build();
        var wait = pause;
        for (int attempt = 1; ; attempt++) {
            long start = System.nanoTime();
            try {
                var answer = http.send(posted, BodyHandlers.ofByteArray());
                metrics.answered(target.url(), answer.statusCode(), start, body.length, answer.body().length);
                if (attempt == ATTEMPTS || !passing(answer.statusCode())) {
                    return answer;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while " + target.url() + " was asked", e);
            } catch (IOException e) {
                metrics.failed(target.url(), start);
                if (attempt == ATTEMPTS) {
                    throw new IOException("webhook " + target.url() + ": " + e, e);
                }
            }
            LockSupport.parkNanos(wait.toNanos());
            wait = Duration.ofNanos((long) (wait.toNanos() * GROWTH));
        }
    }

    private static boolean passing(int status) {
        return status == TOO_MANY_REQUESTS || status >= 500;
    }

    private ObjectNode read(HttpResponse<byte[]> answer) throws IOException {
        requireSuccess(answer);
        try {
            if (Json.tree(answer.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (DecodeException e) {
            throw new IOException("webhook " + target.url() + " answered no JSON", e);
        }
        throw new IOException("webhook " + target.url() + " answered no JSON object");
    }

    private void requireSuccess(HttpResponse<byte[]> answer) throws IOException {
        if (answer.statusCode() < 200 || answer.statusCode() > 299) {
            throw new IOException("webhook " + target.url() + " answered " + answer.statusCode() + ": "
                    + new String(answer.body(), 0, Math.min(answer.body().length, 200), StandardCharsets.UTF_8));
        }
    }
}
