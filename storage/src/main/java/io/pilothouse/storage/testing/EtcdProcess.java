package io.pilothouse.storage.testing;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One etcd member on free loopback ports with its data in a directory of its own, in memory where the system has such a place. For tests:
 * closing it kills it and removes the data.
 */
public final class EtcdProcess implements AutoCloseable {
    private static final long START_MILLIS = 20_000;
    private final Path directory;
    private final int clientPort;
    private final int peerPort;
    private final List<String> extra;
    private final String scheme;
    private Process process;

    private EtcdProcess(Path directory, int clientPort, int peerPort, List<String> extra, String scheme)
            throws IOException {
        this.directory = directory;
        this.clientPort = clientPort;
        this.peerPort = peerPort;
        this.extra = extra;
        this.scheme = scheme;
        this.process = launch();
    }

    /**
     * Starts one and waits until it takes connections.
     *
     * @param arguments more of etcd's flags
     * @throws IOException when there is no etcd on the path or it does not come up
     */
    public static EtcdProcess start(String... arguments) throws IOException {
        Path memory = Path.of("/dev/shm");
        Path directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "pilothouse-etcd-")
                : Files.createTempDirectory("pilothouse-etcd-");
        return new EtcdProcess(directory, freePort(), freePort(), List.of(arguments), "http");
    }

    /**
     * Starts one that speaks TLS and wants a client certificate of the same authority.
     *
     * @param authority PEM file
     * @param certificate PEM file, good for 127.0.0.1
     * @param key PEM file
     */
    public static EtcdProcess startTls(Path authority, Path certificate, Path key) throws IOException {
        Path directory = Files.createTempDirectory("pilothouse-etcd-");
        List<String> flags = List.of(
                "--cert-file=" + certificate,
                "--key-file=" + key,
                "--trusted-ca-file=" + authority,
                "--client-cert-auth");
        return new EtcdProcess(directory, freePort(), freePort(), flags, "https");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where clients connect. */
    public URI endpoint() {
        return URI.create(scheme + "://127.0.0.1:" + clientPort);
    }

    private Process launch() throws IOException {
        String peer = "http://127.0.0.1:" + peerPort;
        List<String> command = new ArrayList<>(List.of(
                "etcd",
                "--name=test",
                "--data-dir=" + directory.resolve("data"),
                "--listen-client-urls=" + endpoint(),
                "--advertise-client-urls=" + endpoint(),
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=test=" + peer,
                "--heartbeat-interval=50",
                "--election-timeout=250"));
        command.addAll(extra);
        File log = directory.resolve("etcd.log").toFile();
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (!accepts()) {
            if (!started.isAlive() || System.nanoTime() > deadline) {
                started.destroyForcibly();
                throw new IOException("etcd did not start:\n" + Files.readString(log.toPath()));
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
        return started;
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), clientPort)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Kills it, as a crash would. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Starts it again on the same ports and data, after {@link #kill}. */
    public void restart() throws IOException {
        process = launch();
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
