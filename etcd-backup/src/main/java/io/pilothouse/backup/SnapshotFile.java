package io.pilothouse.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A snapshot on disk, handled by etcd's own tool. */
public final class SnapshotFile {
    private SnapshotFile() {}

    /**
     * One member of the cluster to be made.
     *
     * @param directory its data directory, which must not be there
     * @param initialCluster all members: {@code name=peerUrl,…}
     * @param token the new cluster's, other than that of any cluster before
     */
    public record Member(String name, String peerUrl, Path directory, String initialCluster, String token) {}

    /** Has etcd read it. */
    static void check(Path file) throws BackupException, IOException {
        run(List.of("etcdctl", "snapshot", "status", file.toString(), "--write-out=json"));
    }

    /** Makes a member's data directory from it. */
    public static void restore(Path file, Member member) throws BackupException, IOException {
        run(List.of(
                "etcdctl",
                "snapshot",
                "restore",
                file.toString(),
                "--name=" + member.name(),
                "--data-dir=" + member.directory(),
                "--initial-cluster=" + member.initialCluster(),
                "--initial-cluster-token=" + member.token(),
                "--initial-advertise-peer-urls=" + member.peerUrl()));
    }

    private static void run(List<String> command) throws BackupException, IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().putAll(Map.of("ETCDCTL_API", "3"));
        Process process = builder.start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new BackupException("etcdctl refused the snapshot: " + output.strip());
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new BackupException("interrupted", e);
        }
    }
}
