package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.WatchEvents;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.machinery.status.StatusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** A watch over a WebSocket: one text message an event. */
final class WatchWebSocket {
    private static final int MESSAGE_LIMIT = 64 * 1024;
    private static final int NORMAL_CLOSURE = 1000;

    private WatchWebSocket() {}

    static void serve(
            ApiRequest request, WatchEvents events, WatchEncoder encoder, Instant deadline, Duration bookmarkEvery)
            throws IOException {
        if (!request.exchange().headers().contains("origin")) {
            throw StatusException.of(403, "Forbidden", "a WebSocket watch names its Origin");
        }
        try (var socket = request.exchange().acceptWebSocket(null, MESSAGE_LIMIT)) {
            request.exchange().onDisconnect(events::close);
            events.forEachUntil(deadline, bookmarkEvery, event -> {
                var message = new ByteArrayOutputStream();
                for (byte[] piece : encoder.encode(event)) {
                    message.writeBytes(piece);
                }
                socket.sendText(message.toString(StandardCharsets.UTF_8));
            });
            socket.close(NORMAL_CLOSURE, "");
        } catch (UpgradeException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }
}
