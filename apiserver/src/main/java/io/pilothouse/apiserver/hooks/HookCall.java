package io.pilothouse.apiserver.hooks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Posts reviews to a webhook that a {@code clientConfig} of the API describes. A service is called at one of its ready endpoints, under the
 * name {@code NAME.NAMESPACE.svc}, which its certificate must have. Safe for use by many threads.
 */
public final class HookCall {
    private static final int HTTPS = 443;
    private static final long NANOS = 1_000_000_000;
    private static final int LEAST_SUCCESS = 200;
    private static final int MOST_SUCCESS = 206;

    private final JsonNode client;
    private final ClusterView cluster;
    private final ClientMetrics metrics;
    private final Duration timeout;
    private @Nullable ClientTls tls;

    /** @param client a {@code clientConfig}: url or service, caBundle */
    public HookCall(JsonNode client, ClusterView cluster, ClientMetrics metrics, Duration timeout) {
        this.client = client;
        this.cluster = cluster;
        this.metrics = metrics;
        this.timeout = timeout;
    }

    /** Posts a review, within the webhook's own time. @throws IOException as {@link #post(ObjectNode, Duration)} does */
    public ObjectNode post(ObjectNode review) throws IOException {
        return post(review, timeout);
    }

    /**
     * Posts a review.
     *
     * @param most how much time the caller has, which the webhook is told where its own is longer; the caller interrupts its thread after it
     * @return what was answered with a status of success
     * @throws IOException with what went wrong, in the words of upstream's client
     */
    public ObjectNode post(ObjectNode review, Duration most) throws IOException {
        var left = most.compareTo(timeout) < 0 ? most : timeout;
        var uri = uri(left);
        long start = System.nanoTime();
        try {
            var server = client.has("service")
                    ? ServiceAddress.of(client.path("service"), cluster)
                    : new ServiceAddress(uri.getHost(), uri.getPort() < 0 ? HTTPS : uri.getPort());
            byte[] body = Json.write(review);
            var answer = HookWire.post(server, uri, tls(), body, timeout);
            metrics.answered(uri, answer.status(), start, body.length, answer.body().length);
            return read(answer);
        } catch (HookRefusedException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            metrics.failed(uri, start);
            throw new IOException("Post \"" + uri + "\": " + e.getMessage(), e);
        }
    }

    /** The server answered, but not with what was asked for. */
    private static final class HookRefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        HookRefusedException(String message) {
            super(message);
        }
    }

    private static ObjectNode read(HookWire.Answer answer) throws HookRefusedException {
        if (answer.status() < LEAST_SUCCESS || answer.status() > MOST_SUCCESS) {
            throw new HookRefusedException(StatusException.genericServerResponse(
                            answer.status(),
                            "POST",
                            new GroupResource("", ""),
                            "",
                            new String(answer.body(), StandardCharsets.UTF_8).strip(),
                            0,
                            true)
                    .status()
                    .message());
        }
        try {
            if (Json.tree(answer.body()) instanceof ObjectNode object) {
                return object;
            }
        } catch (DecodeException e) {
            throw new HookRefusedException("couldn't get version/kind; json parse error: " + e.getMessage());
        }
        throw new HookRefusedException("the answer is no JSON object");
    }

    private URI uri(Duration left) {
        // The webhook is told in whole seconds, rounded up.
        String query = "timeout=" + left.plusNanos(NANOS - 1).toSeconds() + "s";
        if (!client.has("service")) {
            String url = client.path("url").asText();
            return URI.create(url + (url.contains("?") ? "&" : "?") + query);
        }
        var service = client.path("service");
        String path = service.path("path").asText("/");
        return URI.create("https://" + service.path("name").asText() + "."
                + service.path("namespace").asText() + ".svc:"
                + service.path("port").asInt(HTTPS) + (path.startsWith("/") ? path : "/" + path) + "?" + query);
    }

    private synchronized ClientTls tls() throws IOException {
        var known = tls;
        if (known == null) {
            String bundle = client.path("caBundle").asText("");
            List<X509Certificate> authorities = bundle.isEmpty()
                    ? List.of()
                    : Pem.certificates(Base64.getDecoder().decode(bundle), "caBundle");
            known = ClientTls.trusting(authorities);
            tls = known;
        }
        return known;
    }
}
