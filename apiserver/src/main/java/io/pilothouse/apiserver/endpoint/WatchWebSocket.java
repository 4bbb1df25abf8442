package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.WatchEvents;
import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.machinery.status.StatusException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** A watch over a WebSocket: one message an event, text for JSON and binary for protobuf. */
final class WatchWebSocket {
    private static final int MESSAGE_LIMIT = 64 * 1024;
    private static final int NORMAL_CLOSURE = 1000;

    private WatchWebSocket() {}

    static void serve(
            ApiRequest request,
            WatchEvents events,
            WatchEncoder encoder,
            WatchMetrics.Watch counted,
            Instant deadline,
            Duration bookmarkEvery)
            throws IOException {
        if (!request.exchange().headers().contains("origin")) {
            // A browser always says where its page comes from; upstream's handshake ends bare for others.
            request.exchange().respond(403, Headers.of("connection", "close"));
            return;
        }
        try (var socket = request.exchange().acceptWebSocket(protocol(request), MESSAGE_LIMIT)) {
            request.exchange().onDisconnect(events::close);
            WatchEvents.Sink sink = event -> {
                if (encoder.impossible()) {
                    events.close();
                } else if (encoder.text()) {
                    byte[][] line = encoder.json(event);
                    socket.sendText(new String(joined(line), StandardCharsets.UTF_8));
                    counted.sent(line);
                } else {
                    byte[] message = joined(encoder.message(event));
                    socket.sendBinary(message, 0, message.length);
                    counted.sent(message);
                }
            };
            events.begin(sink);
            request.context().started();
            if (events.goesOn()) {
                events.forEachUntil(deadline, bookmarkEvery, sink);
            }
            socket.close(NORMAL_CLOSURE, "");
        } catch (UpgradeException e) {
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** The one subprotocol that was asked for, whatever it is; a choice of several is none. */
    private static @org.jspecify.annotations.Nullable String protocol(ApiRequest request) {
        var asked = Arrays.stream(String.join(",", request.exchange().headers().all("sec-websocket-protocol"))
                        .split(",", -1))
                .map(String::strip)
                .filter(p -> !p.isEmpty())
                .toList();
        return asked.size() == 1 ? asked.getFirst() : null;
    }

    private static byte[] joined(byte[]... pieces) {
        var message = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            message.writeBytes(piece);
        }
        return message.toByteArray();
    }
}
