package io.pilothouse.apiserver.aggregation;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.OriginClient;
import io.pilothouse.http.streams.UpgradeProxy;
import io.pilothouse.machinery.meta.GroupVersion;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Passes requests for group versions that other servers serve on to them: with this server's certificate and the user's identity in
 * headers, streams and upgrades included. Who asks was authenticated and authorized before.
 */
public final class AggregationProxy {
    private static final int COPY_BYTES = 16 * 1024;
    /** What concerns one connection only (RFC 9110, 7.6.1), and the client's own credentials. */
    private static final Set<String> NOT_PASSED = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "host",
            "content-length",
            "authorization");

    private final RemoteServices services;

    AggregationProxy(RemoteServices services) {
        this.services = services;
    }

    /** False if what is asked for is not another server's. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        String target = path.startsWith("/openapi/v3/apis/") ? path.substring("/openapi/v3".length()) : path;
        var service = versionOf(target).flatMap(services::of);
        if (service.isEmpty()
                || (target.length() < path.length()
                        && services.content(service.get().version()).isEmpty())) {
            return false;
        }
        forward(request, service.get());
        return true;
    }

    private static Optional<GroupVersion> versionOf(String path) {
        var parts = path.split("/", 5);
        return parts.length >= 4 && parts[1].equals("apis") && !parts[3].isEmpty()
                ? Optional.of(new GroupVersion(parts[2], parts[3]))
                : Optional.empty();
    }

    private static void forward(ApiRequest request, RemoteService service) throws IOException {
        if (!service.available()) {
            refuse(request, "service unavailable");
            return;
        }
        InetSocketAddress address;
        try {
            address = service.address();
        } catch (IOException e) {
            refuse(request, "service unavailable");
            return;
        }
        var exchange = request.exchange();
        String target = exchange.rawPath() + (exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery());
        try {
            if (exchange.headers().hasToken("connection", "upgrade")) {
                UpgradeProxy.run(
                        exchange,
                        service.client().upgrades(),
                        address,
                        service.host(),
                        target,
                        ProxyIdentity.set(new Headers(), request.user()));
            } else {
                pass(request, service, address, target);
            }
        } catch (IOException e) {
            if (exchange.responded()) {
                throw e;
            }
            refuse(request, ProxyErrors.text(e, address));
        }
    }

    private static void pass(ApiRequest request, RemoteService service, InetSocketAddress address, String target)
            throws IOException {
        var exchange = request.exchange();
        Headers headers = passed(exchange.headers());
        ProxyIdentity.set(headers, request.user());
        headers.add("X-Forwarded-For", exchange.remoteAddress().getAddress().getHostAddress());
        headers.set("Audit-ID", request.auditId());
        String length = exchange.headers().first("content-length").orElse("");
        boolean chunked = exchange.headers().contains("transfer-encoding");
        boolean body = chunked || (!length.isEmpty() && !length.equals("0")) || hasUnknownBody(exchange);
        Optional<InputStream> sent = body ? Optional.of(exchange.bodyStream()) : Optional.empty();
        try (OriginClient.Answer answer = service.client()
                .send(
                        address,
                        service.host(),
                        exchange.method(),
                        target,
                        headers,
                        sent,
                        length.matches("[0-9]{1,18}") ? Long.parseLong(length) : -1)) {
            exchange.onDisconnect(answer::close);
            answer(request, answer);
        }
    }

    /** HTTP/2 has bodies without a length: those of writes. */
    private static boolean hasUnknownBody(Exchange exchange) {
        return exchange.protocol().startsWith("HTTP/2")
                && !exchange.headers().contains("content-length")
                && List.of("POST", "PUT", "PATCH").contains(exchange.method());
    }

    private static void answer(ApiRequest request, OriginClient.Answer answer) throws IOException {
        Headers headers = passed(answer.headers());
        headers.set("Audit-ID", request.auditId());
        if (!headers.contains("cache-control")) {
            headers.set("Cache-Control", "no-cache, private");
        }
        try (var stream = request.exchange().startStream(answer.status(), headers)) {
            stream.flush();
            byte[] buffer = new byte[COPY_BYTES];
            try {
                for (int count = answer.body().read(buffer);
                        count >= 0;
                        count = answer.body().read(buffer)) {
                    stream.write(Arrays.copyOf(buffer, count));
                }
            } catch (IOException e) {
                stream.abort();
                throw e;
            }
        }
    }

    private static Headers passed(Headers headers) {
        var out = new Headers();
        var listed = headers.tokens("connection").stream()
                .map(t -> t.toLowerCase(Locale.ROOT))
                .toList();
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NOT_PASSED.contains(lower) && !listed.contains(lower) && !lower.startsWith(":")) {
                out.add(name, value);
            }
        });
        return out;
    }

    private static void refuse(ApiRequest request, String text) throws IOException {
        var headers = request.answerHeaders("text/plain; charset=utf-8").set("x-content-type-options", "nosniff");
        request.exchange().respond(503, headers, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
