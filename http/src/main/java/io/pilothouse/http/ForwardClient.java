package io.pilothouse.http;

import io.pilothouse.http.OriginClient.Answer;
import io.pilothouse.http.OriginClient.Body;
import io.pilothouse.http.OriginClient.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends requests to servers whose certificates have another name than their address, over a connection each (HTTP/1.1, RFC 9112): for
 * those who forward what they were asked. Blocks: for virtual threads. Safe on any thread.
 */
public final class ForwardClient {
    private final UpgradeClient connections;
    private final OriginClient origins;

    /** @param timeout to connect, and from there to the answer's fields */
    public ForwardClient(ClientTls tls, Duration timeout) {
        connections = new UpgradeClient(Optional.of(tls), timeout);
        origins = new OriginClient(Optional.of(tls), timeout, timeout);
    }

    /** How connections are upgraded to the same servers. */
    public UpgradeClient upgrades() {
        return connections;
    }

    /**
     * Sends a request and reads the answer's fields.
     *
     * @param host the name that the certificate must have
     * @param target path and query, encoded
     * @param headers of the request; what concerns the connection is set here
     * @param body empty for none
     * @param length of the body; -1 where it is not known
     */
    public Answer send(
            InetSocketAddress server,
            String host,
            String method,
            String target,
            Headers headers,
            Optional<InputStream> body,
            long length)
            throws IOException {
        Headers sent = headers.copy().set("Connection", "close");
        if (!sent.contains("host")) {
            sent.set("Host", host + ":" + server.getPort());
        }
        Origin origin = origins.connect(server, host);
        try {
            return origin.send(
                    method,
                    target,
                    sent,
                    body.map(bytes -> new Body(bytes, length)).orElse(Body.NONE));
        } catch (IOException | RuntimeException e) {
            origin.close();
            throw e;
        }
    }
}
