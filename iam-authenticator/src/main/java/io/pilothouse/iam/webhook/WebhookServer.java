package io.pilothouse.iam.webhook;

import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.iam.IamAuthenticator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** The webhook over TLS, with its own certificate. */
public final class WebhookServer implements AutoCloseable {
    private final HttpServer server;

    private WebhookServer(HttpServer server) {
        this.server = server;
    }

    /** Listens; port 0 picks a free one. */
    public static WebhookServer start(String address, int port, Path stateDirectory, IamAuthenticator authenticator)
            throws IOException {
        HttpServerConfig config = HttpServerConfig.of(new InetSocketAddress(address, port))
                .withTls(ServingCertificate.loadOrCreate(stateDirectory));
        return new WebhookServer(HttpServer.start(config, new TokenReviewHandler(authenticator)));
    }

    /** The port that it listens on. */
    public int port() {
        return server.address().getPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
