package io.pilothouse.worker.server;

import io.pilothouse.http.Handler;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.worker.node.ServingCertificate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves once there is a certificate, and replaces that in time. */
public final class ServingLoop implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServingLoop.class);
    private static final Duration RETRY = Duration.ofSeconds(10);
    private final InetSocketAddress bind;
    private final List<X509Certificate> authorities;
    private final ServingCertificate certificates;
    private final Optional<TlsConfig> given;
    private final Handler handler;
    private final Clock clock;
    private final Thread thread;
    private volatile @Nullable HttpServer server;

    /** @param given a certificate from files, in place of the cluster's */
    public ServingLoop(
            InetSocketAddress bind,
            List<X509Certificate> authorities,
            ServingCertificate certificates,
            Optional<TlsConfig> given,
            Handler handler,
            Clock clock) {
        this.bind = bind;
        this.authorities = authorities;
        this.certificates = certificates;
        this.given = given;
        this.handler = handler;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("kubelet-server").start(this::run);
    }

    private void run() {
        try {
            while (true) {
                try {
                    TlsConfig tls = given.isPresent()
                            ? given.get()
                            : certificates.present().orElse(null);
                    if (tls == null) {
                        tls = certificates.request();
                        log.atInfo()
                                .addKeyValue(
                                        "until",
                                        tls.chain().getFirst().getNotAfter().toInstant())
                                .log("serving certificate issued");
                    }
                    serve(tls.withClientAuth(TlsConfig.ClientAuth.OPTIONAL, authorities));
                    Duration left = given.isPresent()
                            ? Duration.ofDays(1)
                            : Duration.between(
                                    clock.instant(),
                                    ServingCertificate.renewal(tls.chain().getFirst()));
                    Thread.sleep(left.isPositive() ? left : Duration.ofSeconds(1));
                } catch (IOException e) {
                    log.atWarn().addKeyValue("error", e.getMessage()).log("kubelet server not ready");
                    Thread.sleep(RETRY);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(TlsConfig tls) throws IOException {
        HttpServer present = server;
        if (present == null) {
            server = HttpServer.start(HttpServerConfig.of(bind).withTls(tls), handler);
            log.atInfo().addKeyValue("address", bind).log("kubelet server listens");
        } else {
            present.reloadTls(tls);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        HttpServer present = server;
        if (present != null) {
            present.close();
        }
    }
}
