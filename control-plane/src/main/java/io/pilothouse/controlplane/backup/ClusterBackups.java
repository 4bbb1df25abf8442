package io.pilothouse.controlplane.backup;

import io.pilothouse.backup.Backup;
import io.pilothouse.backup.BackupException;
import io.pilothouse.backup.Backups;
import io.pilothouse.controlplane.cluster.ClusterEtcd;
import io.pilothouse.controlplane.cluster.ReconcileLoop;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksException;
import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The backups of this region's clusters, on demand and on schedule. The catalogue in the bucket is the only memory. */
public final class ClusterBackups implements ReconcileLoop.Reconciler {
    private final EksContext context;
    private final Backups backups;
    private final BackupSettings settings;

    /** Over the bucket of the settings. */
    public ClusterBackups(EksContext context, Backups backups, BackupSettings settings) {
        this.context = context;
        this.backups = backups;
        this.settings = settings;
    }

    /** The store of backups. */
    Backups backups() {
        return backups;
    }

    /** Makes one now and drops those beyond the limits. */
    Backup create(String name) throws BackupException, IOException {
        ClusterRecord cluster = context.store().cluster(name);
        if (cluster.status() != ClusterRecord.Status.ACTIVE) {
            throw EksException.invalidRequest("Cluster '" + name + "' is not in ACTIVE status")
                    .about("clusterName", name);
        }
        Backup made;
        try {
            made = backups.create(name, ClusterEtcd.config(cluster, context.directory(name)));
        } catch (BackupException | IOException | StorageException e) {
            context.health()
                    .note(
                            name,
                            "backup",
                            List.of(new ClusterRecord.Issue("Other", "The last backup failed: " + e.getMessage())));
            throw e;
        }
        context.health().note(name, "backup", List.of());
        List<Backup> dropped = backups.retain(name, settings.retention());
        return dropped.contains(made) ? backups.find(name, made.id()) : made;
    }

    /** Makes a scheduled one when the last is old enough. */
    @Override
    public Optional<Duration> reconcile(String name) throws Exception {
        Optional<ClusterRecord> cluster = context.store().clusters().find(name);
        if (cluster.isEmpty() || settings.every().isZero()) {
            return Optional.empty();
        }
        if (cluster.get().status() != ClusterRecord.Status.ACTIVE) {
            return Optional.of(Duration.ofSeconds(5));
        }
        List<Backup> all = backups.list(name);
        long last = all.isEmpty()
                ? cluster.get().createdMillis()
                : Math.max(all.getLast().createdMillis(), cluster.get().createdMillis());
        long left = last + settings.every().toMillis() - context.now();
        if (left <= 0) {
            create(name);
            left = settings.every().toMillis();
        }
        return Optional.of(Duration.ofMillis(left));
    }
}
