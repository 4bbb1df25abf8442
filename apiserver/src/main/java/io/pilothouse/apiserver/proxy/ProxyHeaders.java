package io.pilothouse.apiserver.proxy;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import java.util.List;
import java.util.Locale;

/** Which fields pass through the proxy. */
final class ProxyHeaders {
    private static final List<String> HOP_BY_HOP = List.of(
            "connection",
            "proxy-connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");
    private static final List<String> CROSS_ORIGIN = List.of(
            "access-control-allow-credentials",
            "access-control-allow-headers",
            "access-control-allow-methods",
            "access-control-allow-origin");
    private static final List<String> IDENTITY = List.of("x-remote-user", "x-remote-uid", "x-remote-group");
    private static final List<String> IDENTITY_PREFIXES = List.of(
            "x-remote-extra-", "impersonate-user", "impersonate-uid", "impersonate-group", "impersonate-extra-");
    private static final String BEARER_PROTOCOL = "base64url.bearer.authorization.k8s.io.";

    private ProxyHeaders() {}

    /** The client's fields without its credentials, which are for this server, and with its address. */
    static Headers ofRequest(Exchange exchange, boolean upgrade) {
        var out = new Headers();
        exchange.headers().forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean credential = lower.equals("authorization")
                    || IDENTITY.contains(lower)
                    || IDENTITY_PREFIXES.stream().anyMatch(lower::startsWith);
            if (!credential && !lower.startsWith(":")) {
                out.add(name, value);
            }
        });
        hideBearer(out);
        if (!upgrade) {
            boolean trailers = out.hasToken("te", "trailers");
            dropHopByHop(out);
            if (trailers) {
                out.add("Te", "trailers");
            }
        }
        String client = exchange.remoteAddress().getAddress().getHostAddress();
        var before = exchange.headers().all("x-forwarded-for");
        out.set("X-Forwarded-For", before.isEmpty() ? client : String.join(", ", before) + ", " + client);
        return out;
    }

    /** A browser's token is no protocol of the other server's. */
    private static void hideBearer(Headers headers) {
        var protocols = headers.tokens("sec-websocket-protocol");
        var left =
                protocols.stream().filter(p -> !p.startsWith(BEARER_PROTOCOL)).toList();
        if (left.size() == protocols.size()) {
            return;
        }
        headers.remove("sec-websocket-protocol");
        if (!left.isEmpty()) {
            headers.add("Sec-WebSocket-Protocol", String.join(", ", left));
        }
    }

    static void dropHopByHop(Headers headers) {
        headers.tokens("connection").forEach(headers::remove);
        HOP_BY_HOP.forEach(headers::remove);
    }

    /** Other servers' answers must not open this one's origin to other pages. */
    static void dropCrossOrigin(Headers headers) {
        CROSS_ORIGIN.forEach(headers::remove);
    }
}
