package io.pilothouse.apiserver.proxy;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.OriginClient;
import io.pilothouse.http.OriginClient.Answer;
import io.pilothouse.http.OriginClient.Body;
import io.pilothouse.http.OriginClient.Origin;
import io.pilothouse.http.RawConnection;
import io.pilothouse.http.streams.UpgradeProxy;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.io.PushbackInputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Locale;

/** Passes a request on to another server and its answer back, as upstream's proxy does. */
final class ReverseProxy {
    private static final int COPY_BYTES = 16 * 1024;

    private final ApiRequest request;
    private final Exchange exchange;
    private final ProxyTarget target;
    private final OriginClient client;

    ReverseProxy(ApiRequest request, ProxyTarget target, OriginClient client) {
        this.request = request;
        this.exchange = request.exchange();
        this.target = target;
        this.client = client;
    }

    /**
     * Blocks until the answer is through, or either side of an upgraded connection closes.
     *
     * @param path at the other server, plain; empty for its root without a slash
     * @throws StatusException 503 if it cannot be reached
     */
    void run(String path) throws IOException {
        boolean upgrade = exchange.headers().all("connection").stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("upgrade"));
        boolean reads = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (upgrade) {
            upgrade(path);
        } else if (path.isEmpty() && reads) {
            redirect();
        } else {
            pass(path);
        }
    }

    /** Links of a page are relative to its path, which must end with a slash for them to stay below it. */
    private void redirect() throws IOException {
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        exchange.respond(301, ownHeaders().set("location", request.info().path() + "/" + query));
    }

    private Headers ownHeaders() {
        return request.answerHeaders("").remove("content-type");
    }

    private void upgrade(String path) throws IOException {
        Headers headers = ProxyHeaders.ofRequest(exchange, true);
        try (Origin origin = connect("error dialing backend: ", false)) {
            exchange.onDisconnect(origin::close);
            try (Answer answer = send(origin, path.isEmpty() ? "/" : UrlPath.escape(path), headers, Body.NONE)) {
                if (answer.status() == 101) {
                    try (RawConnection connection = exchange.switchProtocols(101, answer.headers())) {
                        UpgradeProxy.join(connection, answer.connection());
                    }
                } else if (answer.status() < 400) {
                    throw Refusals.fault("invalid upgrade response: status code " + answer.status());
                } else {
                    Headers fields = answer.headers().copy();
                    ProxyHeaders.dropHopByHop(fields);
                    copy(answer, fields.set("Connection", "close"));
                }
            }
        }
    }

    private Answer send(Origin origin, String pathAndQuery, Headers headers, Body body) throws IOException {
        try {
            return origin.send(exchange.method(), pathAndQuery, headers, body);
        } catch (IOException e) {
            throw Refusals.fault(DialErrors.text(e, target));
        }
    }

    private Origin connect(String before, boolean unavailable) {
        try {
            return client.connect(
                    InetSocketAddress.createUnresolved(target.host(), target.portNumber()), target.host());
        } catch (IOException | IllegalArgumentException e) {
            String text = before + DialErrors.text(e, target);
            throw unavailable ? StatusException.serviceUnavailable(text) : Refusals.fault(text);
        }
    }

    private void pass(String path) throws IOException {
        String escaped = UrlPath.escape(path);
        String prefix = prefix(path);
        Headers headers = ProxyHeaders.ofRequest(exchange, false);
        String forwarded = UrlPath.join(prefix, escaped);
        headers.set("X-Forwarded-Uri", path.endsWith("/") ? forwarded + "/" : forwarded);
        String query = exchange.rawQuery().isEmpty() ? "" : "?" + exchange.rawQuery();
        String before = "error trying to reach service: ";
        try (Origin origin = connect(before, true)) {
            exchange.onDisconnect(origin::close);
            Answer answer;
            try {
                answer = origin.send(exchange.method(), (path.isEmpty() ? "/" : escaped) + query, headers, body());
            } catch (IOException e) {
                throw StatusException.serviceUnavailable(before + DialErrors.text(e, target));
            }
            try (answer) {
                answer(answer, prefix);
            }
        }
    }

    /** The part of this server's path that stands for the other server. */
    private String prefix(String path) {
        String whole = request.info().path();
        return whole.endsWith(path) ? whole.substring(0, whole.length() - path.length()) : whole;
    }

    private Body body() throws IOException {
        var length = exchange.headers().first("content-length");
        if (length.isPresent()) {
            long bytes = Long.parseLong(length.get().strip());
            return bytes == 0 ? Body.NONE : new Body(exchange.bodyStream(), bytes);
        }
        boolean chunked = exchange.headers().contains("transfer-encoding");
        if (!chunked && !exchange.protocol().equals("HTTP/2.0")) {
            return Body.NONE;
        }
        var stream = new PushbackInputStream(exchange.bodyStream());
        int first = chunked ? 0 : stream.read();
        if (first < 0) {
            return Body.NONE;
        }
        if (!chunked) {
            stream.unread(first);
        }
        return new Body(stream, -1);
    }

    private void answer(Answer answer, String prefix) throws IOException {
        Headers fields = answer.headers().copy();
        ProxyHeaders.dropHopByHop(fields);
        ProxyHeaders.dropCrossOrigin(fields);
        var links = new LinkRewriter(
                prefix, target.authority(), exchange.headers().first("host").orElse(""));
        String location = fields.first("location").orElse("");
        if (!location.isEmpty()) {
            try {
                fields.set("Location", links.rewrite(location));
            } catch (IllegalArgumentException e) {
                throw StatusException.internalError("error trying to parse Location header: " + e.getMessage());
            }
        }
        Headers whole = ownHeaders();
        fields.forEach(whole::add);
        if (!location.isEmpty()
                || !PageRewriter.applies(fields)
                || exchange.method().equals("HEAD")) {
            copy(answer, whole);
            return;
        }
        var page = PageRewriter.read(
                answer.body(), fields.first("content-encoding").orElse(""));
        if (page.isPresent()) {
            whole.remove("content-length");
            exchange.respond(answer.status(), whole, page.get().rewritten(links::rewrite));
        } else {
            copy(answer, whole);
        }
    }

    private void copy(Answer answer, Headers headers) throws IOException {
        try (var stream = exchange.startStream(answer.status(), headers)) {
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
            }
        }
    }
}
