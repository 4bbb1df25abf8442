package io.pilothouse.apiserver.server;

import io.pilothouse.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** A bearer token that a browser's WebSocket, which can set no header, brings as a subprotocol. */
final class WebSocketBearer {
    private static final String PREFIX = "base64url.bearer.authorization.k8s.io.";

    private WebSocketBearer() {}

    static Optional<String> of(Headers headers) {
        for (String protocol : headers.tokens("sec-websocket-protocol")) {
            if (protocol.startsWith(PREFIX)) {
                try {
                    return Optional.of(new String(
                            Base64.getUrlDecoder().decode(protocol.substring(PREFIX.length())),
                            StandardCharsets.UTF_8));
                } catch (IllegalArgumentException malformed) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
