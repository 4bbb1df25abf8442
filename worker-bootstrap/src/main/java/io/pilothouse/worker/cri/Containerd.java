package io.pilothouse.worker.cri;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A containerd of the node's own, with its own files and network configuration. It is started again when it dies or hangs, and its pods do not
 * notice: their shims go on. It outlives the agent, and is taken over by the next.
 */
public final class Containerd implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Containerd.class);
    private static final int MAX_SOCKET_PATH = 100;
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int SILENT_LOOKS = 30;
    private static final long MAX_PAUSE_MILLIS = 30_000;
    private final Path directory;
    private final Path socket;
    private final boolean instance;
    private final ContainerdConfig files;
    private @Nullable Thread keeper;

    /**
     * @param directory for its data
     * @param socket where it shall listen; its state lies beside
     * @param instance whether /run and the mounts belong to this node alone, as on an instance
     */
    public Containerd(Path directory, Path socket, boolean instance) throws IOException {
        this.directory = directory;
        this.socket = socket;
        this.instance = instance;
        this.files = new ContainerdConfig(directory, socket);
        if (socket.toString().length() > MAX_SOCKET_PATH) {
            throw new IOException("the path " + socket + " is too long for a socket: choose a shorter --root-dir");
        }
    }

    /** The usual place of the socket. */
    public static Path usualSocket(Path directory, boolean instance) {
        return instance ? Path.of("/run/containerd/containerd.sock") : directory.resolve("run/containerd.sock");
    }

    /** Whether this process could run one: why not, or empty. */
    public static String missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return "the agent does not run as root";
        }
        for (String program : List.of("containerd", "runc", "ctr", "ip")) {
            if (Shell.find(program).isEmpty()) {
                return program + " is not installed";
            }
        }
        return ContainerdConfig.cniPlugins().isEmpty() ? "no CNI plugins in /opt/cni/bin or /usr/lib/cni" : "";
    }

    /** Its socket. */
    public Path socket() {
        return socket;
    }

    /**
     * Starts it, unless it runs, waits until it answers, and keeps it running until this is closed.
     *
     * @param podRange addresses for pods
     */
    public void start(String podRange, String sandboxImage) throws IOException, InterruptedException {
        Path config = files.write(podRange, sandboxImage);
        if (instance) {
            privateCni();
        }
        if (answers()) {
            log.atInfo().addKeyValue("socket", socket).log("containerd runs already");
        } else {
            launch(config);
        }
        keeper = Thread.ofVirtual().name("containerd-keeper").start(() -> keep(config));
    }

    /** CNI keeps results at a fixed place; on an instance the mount namespace is its own. */
    private void privateCni() throws IOException {
        Files.createDirectories(Path.of("/var/lib/cni"));
        if (!Files.readString(Path.of("/proc/self/mounts")).contains(" /var/lib/cni ")) {
            Path own = Files.createDirectories(directory.resolve("cni"));
            Shell.run(Map.of(), "mount", "--bind", own.toString(), "/var/lib/cni");
        }
    }

    private void launch(Path config) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "setsid", "containerd", "--config", config.toString(), "--address", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("containerd.log").toFile()))
                .start();
        process.getOutputStream().close();
        Files.writeString(pidFile(), Long.toString(process.pid()));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("containerd does not start: see " + directory.resolve("containerd.log"));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private Path pidFile() {
        return directory.resolve("containerd.pid");
    }

    private void keep(Path config) {
        long pause = 500;
        int silent = 0;
        try {
            while (true) {
                Thread.sleep(LOOK);
                if (answers()) {
                    silent = 0;
                    pause = 500;
                    continue;
                }
                Optional<ProcessHandle> process = process();
                if (process.isPresent() && ++silent < SILENT_LOOKS) {
                    continue;
                }
                process.ifPresent(ProcessHandle::destroyForcibly);
                log.atWarn().addKeyValue("hung", process.isPresent()).log("containerd has ended; starting it again");
                try {
                    launch(config);
                } catch (IOException e) {
                    log.atError().addKeyValue("error", e.getMessage()).log("containerd not started");
                    Thread.sleep(pause);
                    pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process that this or an earlier agent started, if it lives. */
    private Optional<ProcessHandle> process() {
        try {
            long pid = Long.parseLong(Files.readString(pidFile()).strip());
            String name = Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
            return name.equals("containerd") ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive) : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private boolean answers() {
        try (CriRuntime runtime = new CriRuntime(socket)) {
            runtime.version();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Imports image archives; one that can't be read is logged and left out. */
    public void importImages(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            log.atWarn().addKeyValue("folder", folder).log("no folder of images to import");
            return;
        }
        List<Path> archives;
        try (Stream<Path> list = Files.list(folder)) {
            archives = list.filter(p -> p.toString().endsWith(".tar")).sorted().toList();
        }
        for (Path archive : archives) {
            try {
                Shell.run(
                        Map.of(),
                        "ctr",
                        "--address",
                        socket.toString(),
                        "--namespace",
                        "k8s.io",
                        "images",
                        "import",
                        "--snapshotter",
                        files.snapshotter(),
                        archive.toString());
            } catch (IOException e) {
                log.atError()
                        .addKeyValue("archive", archive)
                        .addKeyValue("error", e.getMessage())
                        .log("image not imported");
            }
        }
    }

    /** Stops keeping it; it runs on. */
    @Override
    public void close() {
        if (keeper != null) {
            keeper.interrupt();
        }
    }
}
