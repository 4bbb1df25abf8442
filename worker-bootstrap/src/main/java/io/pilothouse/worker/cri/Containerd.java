package io.pilothouse.worker.cri;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A containerd of the node's own, with its own files and network configuration. It outlives the agent, and is taken over by the next. */
public final class Containerd {
    private static final Logger log = LoggerFactory.getLogger(Containerd.class);
    private static final int MAX_SOCKET_PATH = 100;
    private final Path directory;
    private final Path state;
    private final boolean instance;

    /**
     * @param directory for its data
     * @param instance whether /run belongs to this node alone, as on an instance
     */
    public Containerd(Path directory, boolean instance) throws IOException {
        this.directory = directory;
        this.instance = instance;
        this.state = instance ? Path.of("/run/containerd") : directory.resolve("run");
        if (socket().toString().length() > MAX_SOCKET_PATH) {
            throw new IOException("the path " + socket() + " is too long for a socket: choose a shorter --root-dir");
        }
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
        return cniPlugins().isEmpty() ? "no CNI plugins in /opt/cni/bin or /usr/lib/cni" : "";
    }

    private static String cniPlugins() {
        return Stream.of("/opt/cni/bin", "/usr/lib/cni").filter(d -> Files.isExecutable(Path.of(d, "ptp"))).findFirst().orElse("");
    }

    /** Its socket. */
    public Path socket() {
        return state.resolve("containerd.sock");
    }

    /**
     * Starts it, unless it runs, and waits until it answers.
     *
     * @param podRange addresses for pods
     */
    public void start(String podRange, String sandboxImage) throws IOException, InterruptedException {
        Files.createDirectories(directory.resolve("net.d"));
        Files.createDirectories(state);
        Files.writeString(directory.resolve("net.d/10-pods.conflist"), network(podRange));
        Path config = directory.resolve("config.toml");
        Files.writeString(config, config(sandboxImage));
        if (answers()) {
            log.atInfo().addKeyValue("socket", socket()).log("containerd runs already");
            return;
        }
        if (instance) {
            // CNI keeps results at a fixed place; on an instance the mount namespace is its own.
            Files.createDirectories(Path.of("/var/lib/cni"));
            Path own = Files.createDirectories(directory.resolve("cni"));
            Shell.run(Map.of(), "mount", "--bind", own.toString(), "/var/lib/cni");
        }
        Process process = new ProcessBuilder("setsid", "containerd", "--config", config.toString(), "--address", socket().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("containerd.log").toFile()))
                .start();
        process.getOutputStream().close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IOException("containerd does not start: see " + directory.resolve("containerd.log"));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    private boolean answers() {
        try (CriRuntime runtime = new CriRuntime(socket())) {
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
                Shell.run(Map.of(), "ctr", "--address", socket().toString(), "--namespace", "k8s.io", "images", "import",
                        "--snapshotter", snapshotter(), archive.toString());
            } catch (IOException e) {
                log.atError().addKeyValue("archive", archive).addKeyValue("error", e.getMessage()).log("image not imported");
            }
        }
    }

    /** overlayfs where the file system below takes it, else copies. */
    private String snapshotter() throws IOException {
        Path marker = directory.resolve("snapshotter");
        if (Files.exists(marker)) {
            return Files.readString(marker);
        }
        Path trial = Files.createDirectories(directory.resolve("trial"));
        for (String name : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectories(trial.resolve(name));
        }
        String merged = trial.resolve("merged").toString();
        boolean works = Shell.succeeds("mount", "-t", "overlay", "overlay", "-o",
                "lowerdir=" + trial + "/lower,upperdir=" + trial + "/upper,workdir=" + trial + "/work", merged);
        if (works) {
            Shell.succeeds("umount", merged);
        }
        Shell.succeeds("rm", "-rf", "--one-file-system", trial.toString());
        Files.writeString(marker, works ? "overlayfs" : "native");
        return Files.readString(marker);
    }

    /** Whether the OOM score can't be lowered: no CAP_SYS_RESOURCE (bit 24). */
    static boolean oomRestricted(String procStatus) {
        return procStatus.lines()
                .filter(l -> l.startsWith("CapEff:"))
                .noneMatch(l -> (Long.parseUnsignedLong(l.substring(7).strip(), 16) >>> 24 & 1) == 1);
    }

    private String config(String sandboxImage) throws IOException {
        return """
                version = 2
                root = "%1$s/data"
                state = "%2$s"
                disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", \
                "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
                [grpc]
                  address = "%2$s/containerd.sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%3$s"
                  restrict_oom_score_adj = %4$s
                  tolerate_missing_hugetlb_controller = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "%5$s"
                    default_runtime_name = "runc"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                        SystemdCgroup = false
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%6$s"
                    conf_dir = "%1$s/net.d"
                """.formatted(
                directory, state, sandboxImage, oomRestricted(Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)), snapshotter(), cniPlugins());
    }

    /** Every pod has its own link to the node, which routes: so services' addresses work between pods of one node, too. */
    private String network(String podRange) {
        return """
                {"cniVersion": "0.4.0", "name": "pods", "plugins": [
                  {"type": "ptp", "ipMasq": false, "ipam": {"type": "host-local", "dataDir": "%s/addresses",
                    "ranges": [[{"subnet": "%s"}]], "routes": [{"dst": "0.0.0.0/0"}]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
                ]}
                """.formatted(directory, podRange);
    }
}
