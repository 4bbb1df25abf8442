package io.pilothouse.apiserver.kubelet;

import io.pilothouse.http.ClientTls;
import io.pilothouse.http.OriginClient;
import io.pilothouse.http.UpgradeClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** How this server speaks to kubelets: with its own certificate, over TLS. Safe for use by many threads. */
public final class KubeletClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient http;
    private final UpgradeClient upgrades;
    private final OriginClient origin;

    private KubeletClient(HttpClient http, UpgradeClient upgrades, OriginClient origin) {
        this.http = http;
        this.upgrades = upgrades;
        this.origin = origin;
    }

    /** @throws IOException if the certificates cannot be used */
    public static KubeletClient of(ClientTls tls) throws IOException {
        // Kubelets are named by address; what counts is their authority, or nothing where none is configured.
        var http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(tls.context())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        return new KubeletClient(
                http,
                new UpgradeClient(Optional.of(tls), CONNECT_TIMEOUT),
                new OriginClient(Optional.of(tls), CONNECT_TIMEOUT));
    }

    /** For requests that are passed on to kubelets as they are. */
    public OriginClient origin() {
        return origin;
    }

    UpgradeClient upgrades() {
        return upgrades;
    }

    HttpResponse<InputStream> get(KubeletAddress address, String target) throws IOException, InterruptedException {
        var uri = URI.create("https://" + address.host() + ":" + address.port() + target);
        return http.send(HttpRequest.newBuilder(uri).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    }
}
