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
import org.jspecify.annotations.Nullable;

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
    private @Nullable Process process;

    private EtcdProcess(Path directory, int clientPort, int peerPort, List<String> extra, String scheme) {
        this.directory = directory;
        this.clientPort = clientPort;
        this.peerPort = peerPort;
        this.extra = extra;
        this.scheme = scheme;
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
        EtcdProcess etcd = new EtcdProcess(directory, freePort(), freePort(), List.of(arguments), "http");
        etcd.restart();
        return etcd;
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
        EtcdProcess etcd = new EtcdProcess(directory, freePort(), freePort(), flags, "https");
        etcd.restart();
        return etcd;
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

    /**
     * Starts the members of one cluster. Close them all.
     *
     * @param size an odd number
     */
    public static List<EtcdProcess> startCluster(int size) throws IOException {
        List<Integer> ports = new ArrayList<>();
        List<String> members = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ports.add(freePort());
            members.add("m" + i + "=http://127.0.0.1:" + ports.get(i));
        }
        List<EtcdProcess> cluster = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            // Of a flag given twice etcd heeds the last.
            List<String> flags = List.of("--name=m" + i, "--initial-cluster=" + String.join(",", members));
            EtcdProcess member = new EtcdProcess(
                    Files.createTempDirectory("pilothouse-etcd-"), freePort(), ports.get(i), flags, "http");
            member.process = member.spawn();
            cluster.add(member);
        }
        for (EtcdProcess member : cluster) {
            member.awaitReady();
        }
        return cluster;
    }

    private Process spawn() throws IOException {
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
        Process started = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        return started;
    }

    private File log() {
        return directory.resolve("etcd.log").toFile();
    }

    /** A listening client port means a member that has joined: etcd opens it only then. */
    private void awaitReady() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (!accepts()) {
            if (process == null || !process.isAlive() || System.nanoTime() > deadline) {
                kill();
                throw new IOException("etcd did not start:\n" + Files.readString(log().toPath()));
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
        }
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
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Starts it again on the same ports and data, after {@link #kill}. */
    public void restart() throws IOException {
        process = spawn();
        awaitReady();
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
