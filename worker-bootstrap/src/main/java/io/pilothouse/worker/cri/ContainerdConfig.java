package io.pilothouse.worker.cri;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a node's containerd and its CNI network are told. */
final class ContainerdConfig {
    private final Path directory;
    private final Path socket;

    /**
     * @param directory for its data
     * @param socket in the directory for its state
     */
    ContainerdConfig(Path directory, Path socket) {
        this.directory = directory;
        this.socket = socket;
    }

    static String cniPlugins() {
        return Stream.of("/opt/cni/bin", "/usr/lib/cni")
                .filter(d -> Files.isExecutable(Path.of(d, "ptp")))
                .findFirst()
                .orElse("");
    }

    /** Writes the files; returns containerd's. */
    Path write(String podRange, String sandboxImage) throws IOException {
        Files.createDirectories(directory.resolve("net.d"));
        Files.createDirectories(socket.toAbsolutePath().getParent());
        Files.writeString(directory.resolve("net.d/10-pods.conflist"), network(podRange));
        return Files.writeString(directory.resolve("config.toml"), config(sandboxImage));
    }

    /** overlayfs where the file system below takes it, else copies. */
    String snapshotter() throws IOException {
        Path marker = directory.resolve("snapshotter");
        if (Files.exists(marker)) {
            return Files.readString(marker);
        }
        Path trial = Files.createDirectories(directory.resolve("trial"));
        for (String name : List.of("lower", "upper", "work", "merged")) {
            Files.createDirectories(trial.resolve(name));
        }
        String merged = trial.resolve("merged").toString();
        boolean works = Shell.succeeds(
                "mount",
                "-t",
                "overlay",
                "overlay",
                "-o",
                "lowerdir=" + trial + "/lower,upperdir=" + trial + "/upper,workdir=" + trial + "/work",
                merged);
        if (works) {
            Shell.succeeds("umount", merged);
        }
        Shell.succeeds("rm", "-rf", "--one-file-system", trial.toString());
        Files.writeString(marker, works ? "overlayfs" : "native");
        return Files.readString(marker);
    }

    /** Whether the OOM score can't be lowered: no CAP_SYS_RESOURCE (bit 24). */
    static boolean oomRestricted(String procStatus) {
        return procStatus
                .lines()
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
                  address = "%7$s"
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
                        directory,
                        socket.getParent(),
                        sandboxImage,
                        oomRestricted(Files.readString(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)),
                        snapshotter(),
                        cniPlugins(),
                        socket);
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
