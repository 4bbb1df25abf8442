package io.pilothouse.controlplane;

import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.pki.PrivateFiles;
import io.pilothouse.controlplane.process.Daemon;
import io.pilothouse.controlplane.process.Supervisor;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The data directory of a region: locked by one service at a time, with the region's own etcd in it. */
final class RegionState implements AutoCloseable {
    private static final long START_NANOS = Duration.ofSeconds(30).toNanos();
    private final Path data;
    private final FileChannel lock;

    private RegionState(Path data, FileChannel lock) {
        this.data = data;
        this.lock = lock;
    }

    static RegionState lock(Path data) throws IOException {
        FileChannel channel =
                FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return new RegionState(data, channel);
            }
        } catch (OverlappingFileLockException e) {
            // Held by this very process: the same answer.
        }
        channel.close();
        throw new IOException("another region service uses " + data);
    }

    private record Ports(int client, int peer) {}

    private Ports ports(Path directory) throws IOException {
        Path file = directory.resolve("ports.json");
        if (!Files.exists(file)) {
            try (ServerSocket client = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                    ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                PrivateFiles.write(file, Json.bytes(new Ports(client.getLocalPort(), peer.getLocalPort())));
            }
        }
        return Json.read(Files.readAllBytes(file), Ports.class);
    }

    /** How the region's etcd is reached. */
    EtcdConfig etcd() throws IOException {
        Ports ports = ports(PrivateFiles.directory(data.resolve("region").resolve("etcd")));
        return EtcdConfig.of(List.of(URI.create("http://127.0.0.1:" + ports.client())));
    }

    /** Starts the region's etcd, or finds it, and connects. */
    EtcdStore startEtcd(Supervisor supervisor) throws IOException {
        String search = System.getenv().getOrDefault("PATH", "");
        if (Arrays.stream(search.split(":", -1))
                .noneMatch(d -> !d.isEmpty() && Files.isExecutable(Path.of(d, "etcd")))) {
            throw new IOException("there is no etcd on the PATH: install the package etcd-server");
        }
        Path directory = PrivateFiles.directory(data.resolve("region").resolve("etcd"));
        Ports ports = ports(directory);
        String client = "http://127.0.0.1:" + ports.client();
        String peer = "http://127.0.0.1:" + ports.peer();
        supervisor.ensure(new Daemon(
                "region/etcd",
                directory,
                List.of(
                        "etcd",
                        "--name=region",
                        "--data-dir=" + directory.toAbsolutePath().resolve("data"),
                        "--listen-client-urls=" + client,
                        "--advertise-client-urls=" + client,
                        "--listen-peer-urls=" + peer,
                        "--initial-advertise-peer-urls=" + peer,
                        "--initial-cluster=region=" + peer,
                        "--auto-compaction-mode=periodic",
                        "--auto-compaction-retention=1h",
                        "--logger=zap"),
                Map.of()));
        EtcdStore etcd = EtcdStore.connect(etcd());
        long deadline = System.nanoTime() + START_NANOS;
        while (true) {
            try {
                etcd.linearizableRevision();
                return etcd;
            } catch (StorageException e) {
                if (System.nanoTime() > deadline) {
                    etcd.close();
                    throw new IOException(
                            "the region's etcd does not start; its last words are in "
                                    + directory.resolve("output.log"),
                            e);
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
