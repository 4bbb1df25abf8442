package io.pilothouse.http;

import io.pilothouse.http.spdy.SpdyConnection;
import io.pilothouse.http.websocket.WebSocketConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request and its answer (RFC 9110). For the handler's thread; {@link #respond}, {@link #abort} and
 * {@link #onDisconnect} may be called from any, but only one thread answers. */
public interface Exchange {
    /** The method as sent. */
    String method();

    /** The path as sent, still percent-encoded, without the query. */
    String rawPath();

    /** What follows the first {@code ?}, still encoded; empty when there is none. */
    String rawQuery();

    /** The request's fields; HTTP/2's {@code :authority} is there as {@code host}. */
    Headers headers();

    /** {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2.0}. */
    String protocol();

    /** {@code http} or {@code https}. */
    String scheme();

    /** The peer's address. */
    InetSocketAddress remoteAddress();

    /** The address that accepted the connection. */
    InetSocketAddress localAddress();

    /**
     * The certificates that the client presented, leaf first; empty when none. With {@link TlsConfig.ClientAuth#OPTIONAL} they are NOT verified:
     * the caller checks them against its authorities, so that a wrong one gives 401 and not a broken handshake.
     */
    List<X509Certificate> peerCertificates();

    /**
     * The whole body, which must arrive within the stall timeout. May be called once.
     *
     * @throws BodyTooLargeException when there are more than {@code maxBytes}
     * @throws IOException when the peer went away, sent something malformed or stalled
     */
    byte[] body(int maxBytes) throws IOException;

    /** The body as a stream with back pressure; reads throw as {@link #body} does. */
    InputStream bodyStream();

    /**
     * Answers with these bytes; content-length is set here. The pieces are not copied when large: leave them unchanged. A HEAD gets the
     * fields only.
     *
     * @throws IllegalStateException when already answered
     * @throws IOException when the peer went away or stalled
     */
    void respond(int status, Headers headers, byte[]... pieces) throws IOException;

    /**
     * Starts an answer of unknown length (chunked, or HTTP/2 DATA).
     *
     * @throws IllegalStateException when already answered
     */
    ResponseStream startStream(int status, Headers headers) throws IOException;

    /** Whether an answer has begun. */
    boolean responded();

    /**
     * Breaks off an answer that has begun and not ended, so that the peer notices; does nothing to one that is whole. Any thread.
     *
     * @return whether there was one to break off
     */
    boolean abort();

    /** Runs the action, on a thread of its own, once the peer is gone before the answer ended. */
    void onDisconnect(Runnable action);

    /** Whether the request asks to leave HTTP/1.1 for that protocol ({@code Connection: Upgrade}, {@code Upgrade: protocol}). */
    default boolean wantsUpgrade(String protocol) {
        return headers().hasToken("connection", "upgrade") && headers().hasToken("upgrade", protocol);
    }

    /**
     * Completes a WebSocket handshake (RFC 6455).
     *
     * @param subprotocol the one chosen of {@code Sec-WebSocket-Protocol}, or null for none
     * @param maxMessageBytes a longer message closes the connection with 1009
     * @throws UpgradeException when the request is no such handshake; nothing is answered then
     */
    default WebSocketConnection acceptWebSocket(@Nullable String subprotocol, int maxMessageBytes) throws IOException {
        return Upgrades.acceptWebSocket(this, subprotocol, maxMessageBytes);
    }

    /**
     * Switches to SPDY/3.1 as the server's side.
     *
     * @param extra more fields for the answer
     * @throws UpgradeException when the request did not ask for it; nothing is answered then
     */
    default SpdyConnection acceptSpdy(Headers extra) throws IOException {
        return Upgrades.acceptSpdy(this, extra);
    }

    /**
     * Answers with that status (101 mostly) and hands over the connection as raw bytes.
     *
     * @throws UpgradeException on HTTP/2, or when bytes arrived that can't be handed over
     */
    RawConnection switchProtocols(int status, Headers headers) throws IOException;
}
