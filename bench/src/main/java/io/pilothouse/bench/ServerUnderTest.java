package io.pilothouse.bench;

import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** An API server in a process of its own over an etcd of its own, on loopback. The token {@value #TOKEN} is an administrator's. */
final class ServerUnderTest implements AutoCloseable {
    static final String TOKEN = "bench";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private final EtcdProcess etcd;
    private final Process process;
    private final URI address;
    private final Client client;
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
        client = new Client(address, PATIENCE);
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

    private boolean ready() throws InterruptedException {
        try {
            return client.answers("/readyz");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Asks as {@link Client#succeed} does. */
    String succeed(String method, String path, String body) throws IOException, InterruptedException {
        return client.succeed(method, path, body);
    }

    /** Merges a change into an object. */
    void merge(String path, String change) throws IOException, InterruptedException {
        client.merge(path, change);
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
        client.close();
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
