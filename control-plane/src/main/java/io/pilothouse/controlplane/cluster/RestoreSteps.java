package io.pilothouse.controlplane.cluster;

import io.pilothouse.backup.Backup;
import io.pilothouse.backup.Backups;
import io.pilothouse.backup.SnapshotFile;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.ClusterRecord.Layout;
import io.pilothouse.controlplane.eks.ClusterRecord.Restore;
import io.pilothouse.controlplane.eks.EksStore;
import io.pilothouse.controlplane.pki.PrivateFiles;
import io.pilothouse.controlplane.process.Daemon;
import io.pilothouse.controlplane.process.Supervisor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a cluster back to a backup: fetch and verify it and make the data of new members from it while the old ones serve; then, with all
 * masters and members ended, put the new data in the place of the old. Each step can be repeated.
 */
public final class RestoreSteps {
    private static final Logger log = LoggerFactory.getLogger(RestoreSteps.class);
    /** What {@code etcdutl}'s documentation takes for a bump that is enough. */
    private static final long REVISIONS_TO_SPARE = 1_000_000_000;
    /** More than etcd can write. */
    private static final long REVISIONS_PER_SECOND = 50_000;

    private final EksStore store;
    private final Backups backups;
    private final Supervisor supervisor;
    private final Clock clock;

    /** Over the store of backups. */
    public RestoreSteps(EksStore store, Backups backups, Supervisor supervisor, Clock clock) {
        this.store = store;
        this.backups = backups;
        this.supervisor = supervisor;
        this.clock = clock;
    }

    /** Does the step that the restore has reached. */
    void run(
            ClusterRecord cluster,
            Restore restore,
            Layout layout,
            ClusterFiles files,
            List<Daemon> masters,
            List<Daemon> etcd)
            throws Exception {
        if (restore.phase().equals("FETCH")) {
            Backup backup = prepare(cluster, restore, layout, files);
            long offset = offset(cluster.revisionOffset(), backup, clock.millis());
            store.clusters().update(cluster.name(), c -> c.restoring(new Restore(backup.id(), "SWAP", offset)));
            return;
        }
        // From here on the old data is given up: nobody may write to it any more.
        for (Daemon daemon : masters) {
            supervisor.stop(daemon.id(), daemon.directory(), Duration.ofSeconds(5));
        }
        for (Daemon daemon : etcd) {
            supervisor.stop(daemon.id(), daemon.directory(), Duration.ofSeconds(5));
        }
        for (int i = 0; i < layout.etcd().size(); i++) {
            Path restored = files.etcd(i).resolve("data.restored");
            if (Files.exists(restored)) {
                PrivateFiles.removeTree(files.etcd(i).resolve("data"));
                Files.move(restored, files.etcd(i).resolve("data"));
            }
        }
        Files.deleteIfExists(snapshot(files));
        store.clusters().update(cluster.name(), c -> c.restored(restore));
        log.atInfo()
                .addKeyValue("cluster", cluster.name())
                .addKeyValue("backup", restore.backupId())
                .log("restored; the members start");
    }

    private static Path snapshot(ClusterFiles files) {
        return files.root().resolve("restore.db");
    }

    /**
     * No less than any revision that the masters have given out since the backup or before: all of them are then older than what there is.
     *
     * @param before what they add to etcd's revisions now
     */
    static long offset(long before, Backup backup, long nowMillis) {
        long seconds = Math.max(0, nowMillis - backup.createdMillis()) / 1000;
        return before + backup.revision() + REVISIONS_TO_SPARE + seconds * REVISIONS_PER_SECOND;
    }

    private Backup prepare(ClusterRecord cluster, Restore restore, Layout layout, ClusterFiles files) throws Exception {
        Path snapshot = snapshot(files);
        Files.deleteIfExists(snapshot);
        Backup backup = backups.find(cluster.name(), restore.backupId());
        backups.fetch(backup, snapshot);
        // Another token than ever before: a member that slept through the restore must not be let in.
        String token = cluster.id() + "-" + restore.backupId() + "-" + System.currentTimeMillis();
        for (int i = 0; i < layout.etcd().size(); i++) {
            Path restored = files.etcd(i).resolve("data.restored");
            PrivateFiles.removeTree(restored);
            SnapshotFile.restore(
                    snapshot,
                    new SnapshotFile.Member(
                            "etcd-" + i,
                            EtcdMembers.peerUrl(layout.etcd().get(i)),
                            restored,
                            EtcdMembers.initialCluster(layout),
                            token));
        }
        return backup;
    }
}
