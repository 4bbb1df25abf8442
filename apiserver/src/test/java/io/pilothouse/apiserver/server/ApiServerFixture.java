package io.pilothouse.apiserver.server;

import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** A real API server over a real etcd, on free loopback ports. */
final class ApiServerFixture implements AutoCloseable {
    static final String TOKEN = "test-token";

    private final EtcdProcess etcd;
    private final ApiServer server;
    private final HttpClient client;
    private final Path directory;

    /** @param more flags than the usual ones */
    ApiServerFixture(Path directory, String... more) throws Exception {
        this.directory = directory;
        etcd = EtcdProcess.start();
        forgetTheBeginning(etcd.endpoint());
        Path tokens = directory.resolve("tokens");
        Files.writeString(tokens, TOKEN + ",admin,admin-uid,\"system:masters\"\nplain-token,bob,bob-uid\n");
        server = ApiServer.start(options(directory, tokens, more), ApiServer.ExtensionFactory.NONE, Clock.systemUTC());
        client = HttpClient.newBuilder().sslContext(trustAll()).build();
    }

    /** What happened before the server was started is compacted, as it is where a server has run for a while: revision 1 is gone. */
    private static void forgetTheBeginning(URI endpoint) throws Exception {
        try (var store = EtcdStore.connect(EtcdConfig.of(List.of(endpoint)))) {
            long first = store.create("history", new byte[] {1}, 0);
            store.compact(store.update("history", new byte[] {2}, first, 0));
        }
    }

    private ApiServerOptions options(Path directory, Path tokens, String... more) throws Exception {
        var key = KeyPairGenerator.getInstance("RSA");
        key.initialize(2048);
        Path keyFile = directory.resolve("sa.key");
        var pem = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(key.generateKeyPair().getPrivate().getEncoded());
        Files.writeString(keyFile, "-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----\n");
        var arguments = new ArrayList<>(List.of(
                "--etcd-servers",
                etcd.endpoint().toString(),
                "--secure-port",
                "0",
                "--bind-address",
                "127.0.0.1",
                "--token-auth-file",
                tokens.toString(),
                "--authorization-mode",
                "Node,RBAC",
                "--service-account-issuer",
                "https://kubernetes.default.svc",
                "--service-account-signing-key-file",
                keyFile.toString(),
                "--service-account-key-file",
                keyFile.toString(),
                "--service-cluster-ip-range",
                "10.96.0.0/16",
                "--enable-admission-plugins",
                "NodeRestriction"));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--allow-privileged=false")) {
            arguments.add("--allow-privileged=true");
        }
        return ApiServerOptions.parse(arguments.toArray(String[]::new));
    }

    /** Another server over the same etcd, which the caller closes. */
    ApiServer another(String... more) throws Exception {
        return ApiServer.start(
                options(directory, directory.resolve("tokens"), more),
                ApiServer.ExtensionFactory.NONE,
                Clock.systemUTC());
    }

    /** Where etcd listens. */
    URI etcd() {
        return etcd.endpoint();
    }

    String url() {
        return "https://127.0.0.1:" + server.address().getPort();
    }

    /**
     * Sends a request; after a write the server's cache has it too, which its authenticators, authorizers and admission read. In the server, as
     * in kube-apiserver, that comes a moment after the answer.
     */
    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var answer = sendTo(url(), method, path, body, headers);
        if (!method.equals("GET") && answer.statusCode() < 300) {
            server.cache().consistent();
        }
        return answer;
    }

    /** The same to a server of the caller's. */
    HttpResponse<String> sendTo(String url, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Accept", "application/json");
        if (headers.length == 0) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpClient client() {
        return client;
    }

    private static SSLContext trustAll() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
        return context;
    }

    /** The server's certificate is made for the run: there is nothing to check it against. */
    private static final class TrustAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        etcd.close();
    }
}
