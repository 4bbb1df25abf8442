package io.pilothouse.bench;

import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** An API server in a process of its own over an etcd of its own, on loopback. The token {@value #TOKEN} is an administrator's. */
final class ServerUnderTest implements AutoCloseable {
    static final String TOKEN = "bench";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final EtcdProcess etcd;
    private final Process process;
    private final URI address;
    private final HttpClient http;
    private final double readyMillis;

    /**
     * Starts both and waits for /readyz.
     *
     * @param program the API server's program with its subcommand, if it has one: kube-apiserver's flags are added
     * @param folder for its files, which may not be there yet
     * @param heapMib the most its heap may grow to, or 0 for the program's own limit
     */
    ServerUnderTest(List<String> program, Path folder, int heapMib) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        etcd = EtcdProcess.start("--quota-backend-bytes=8589934592");
        int port = freePort();
        address = URI.create("https://127.0.0.1:" + port);
        http = HttpClient.newBuilder().sslContext(trustingAll()).build();
        var command = new ArrayList<>(program);
        command.addAll(flags(port, folder));
        long start = System.nanoTime();
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile());
        if (heapMib > 0) {
            // The java launcher reads it; kube-apiserver takes no notice.
            builder.environment().put("JDK_JAVA_OPTIONS", "-Xmx" + heapMib + "m");
        }
        process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        while (!ready()) {
            if (!process.isAlive() || System.nanoTime() - start > PATIENCE.toNanos()) {
                close();
                throw new IOException(
                        "the server did not get ready:\n" + Files.readString(folder.resolve("server.log")));
            }
            Thread.sleep(5);
        }
        readyMillis = (System.nanoTime() - start) / 1e6;
    }

    private List<String> flags(int port, Path folder) throws IOException {
        var tokens = Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",bench,1,system:masters\n");
        var key = folder.resolve("service-accounts.key");
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            Files.writeString(
                    key,
                    "-----BEGIN PRIVATE KEY-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(generator
                                            .generateKeyPair()
                                            .getPrivate()
                                            .getEncoded())
                            + "\n-----END PRIVATE KEY-----\n");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return List.of(
                "--etcd-servers=" + etcd.endpoint(),
                "--secure-port=" + port,
                "--bind-address=127.0.0.1",
                "--token-auth-file=" + tokens,
                "--authorization-mode=Node,RBAC",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--cert-dir=" + folder.resolve("certs"),
                "--disable-admission-plugins=ServiceAccount");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The server makes its own certificate for the run: there is nobody to vouch for it. */
    private static SSLContext trustingAll() {
        var anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anybody}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private boolean ready() throws InterruptedException {
        try {
            return request("GET", "/readyz", "text/plain", "").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpResponse<String> request(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", type)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Asks as the administrator, with a body in JSON where there is one, and takes nothing but success. */
    String succeed(String method, String path, String body) throws IOException, InterruptedException {
        return body(request(method, path, "application/json", body), path);
    }

    /** Merges a change into an object. */
    void merge(String path, String change) throws IOException, InterruptedException {
        body(request("PATCH", path, "application/merge-patch+json", change), path);
    }

    private static String body(HttpResponse<String> answer, String path) throws IOException {
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    URI address() {
        return address;
    }

    /** From the process's start to /readyz saying ok. */
    double readyMillis() {
        return readyMillis;
    }

    ProcessMeter meter() {
        return new ProcessMeter(process.pid());
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        etcd.close();
    }
}
