package io.pilothouse.conformance.informers;

import io.pilothouse.conformance.Pki;
import io.pilothouse.launcher.Pilothouse;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An API server over TLS in a process of its own, one after the other on the same port. Lists and watches are in its audit log. */
final class ServerProcess implements AutoCloseable {
    /** The users, each of whom is its own token. */
    static final List<String> USERS = List.of("writer", "raw", "fabric8", "official");

    private static final long START_SECONDS = 180;
    private static final long STOP_SECONDS = 60;
    private final Path directory;
    private final Pki pki;
    private final URI etcd;
    private final int port;
    private Process process;

    ServerProcess(Path directory, URI etcd) throws IOException, InterruptedException {
        this.directory = directory;
        this.etcd = etcd;
        pki = Pki.create(directory);
        pki.issue("server", "/CN=kube-apiserver");
        Files.writeString(directory.resolve("audit.yaml"), """
                apiVersion: audit.k8s.io/v1
                kind: Policy
                omitStages: [RequestReceived, ResponseStarted]
                rules:
                - level: Metadata
                  verbs: [list, watch]
                - level: None
                """);
        Files.write(
                directory.resolve("tokens"),
                USERS.stream()
                        .map(u -> u + "," + u + "," + u + ",system:masters")
                        .toList());
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        process = start();
    }

    private Process start() throws IOException, InterruptedException {
        var classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        var command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xmx512m",
                "-Xss32m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                classes,
                Pilothouse.class.getName(),
                "apiserver"));
        command.addAll(List.of(
                "--etcd-servers=" + etcd,
                "--secure-port=" + port,
                "--bind-address=127.0.0.1",
                "--authorization-mode=RBAC",
                "--token-auth-file=" + directory.resolve("tokens"),
                "--service-cluster-ip-range=10.96.0.0/16",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-signing-key-file=" + pki.file("sa.key"),
                "--service-account-key-file=" + pki.file("sa.key"),
                "--tls-cert-file=" + pki.file("server.crt"),
                "--tls-private-key-file=" + pki.file("server.key"),
                "--disable-admission-plugins=ServiceAccount",
                "--min-request-timeout=8",
                "--audit-policy-file=" + directory.resolve("audit.yaml"),
                "--audit-log-path=" + auditLog()));
        var started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        awaitReady(started);
        return started;
    }

    private void awaitReady(Process started) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (System.nanoTime() < end && started.isAlive()) {
            try (var api = new Api(uri(), trust(), USERS.getFirst());
                    var ready = api.lines("/readyz")) {
                if ("ok".equals(ready.readLine())) {
                    return;
                }
            } catch (IOException notYet) {
                Thread.sleep(100);
            }
        }
        started.destroyForcibly();
        throw new IOException("the server does not come up: " + Files.readString(log().toPath()));
    }

    /** Ends it as a supervisor does. */
    void end() throws IOException, InterruptedException {
        process.destroy();
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("the server does not end");
        }
    }

    /** Starts another one in its place. */
    void replace() throws IOException, InterruptedException {
        process = start();
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + port);
    }

    Path authority() {
        return Path.of(pki.file("ca.crt"));
    }

    /** One event a line. */
    Path auditLog() {
        return directory.resolve("audit.log");
    }

    private File log() {
        return directory.resolve("server.log").toFile();
    }

    /** Its memory that is resident, in MiB. */
    long residentMebibytes() throws IOException {
        try (Stream<String> status = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return status.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        }
    }

    /** Trusts the server. */
    SSLContext trust() throws IOException {
        try (var pem = Files.newInputStream(authority())) {
            var store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(store);
            var context = SSLContext.getInstance("TLS");
            context.init(null, managers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /** What the servers logged as errors. */
    List<String> complaints() throws IOException {
        try (Stream<String> lines = Files.lines(log().toPath())) {
            return lines.filter(line -> line.contains("Z ERROR")).toList();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
