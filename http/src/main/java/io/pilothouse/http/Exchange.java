package io.pilothouse.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** One request and its answer (RFC 9110). For the handler's thread; {@link #onDisconnect} may be called from any. */
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
     * The whole body. May be called once.
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

    /** Runs the action, on a thread of its own, once the peer is gone before the answer ended. */
    void onDisconnect(Runnable action);

    /** Whether the request asks to leave HTTP/1.1 for that protocol ({@code Connection: Upgrade}, {@code Upgrade: protocol}). */
    default boolean wantsUpgrade(String protocol) {
        return headers().hasToken("connection", "upgrade") && headers().hasToken("upgrade", protocol);
    }

    /**
     * Answers with that status (101 mostly) and hands over the connection as raw bytes.
     *
     * @throws UpgradeException on HTTP/2, or when bytes arrived that can't be handed over
     */
    RawConnection switchProtocols(int status, Headers headers) throws IOException;
}
