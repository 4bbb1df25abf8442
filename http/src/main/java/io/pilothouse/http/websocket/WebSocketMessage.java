package io.pilothouse.http.websocket;

/** What a WebSocket peer sent. */
public sealed interface WebSocketMessage {
    /** Bytes. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Binary(byte[] data) implements WebSocketMessage {}

    /** Text. */
    record Text(String text) implements WebSocketMessage {}

    /** The end; 1005 when the peer named no code, 1006 when the connection broke. */
    record Close(int code, String reason) implements WebSocketMessage {}
}
