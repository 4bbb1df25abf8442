package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.ClusterRecord.Issue;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every half minute whether a cluster's disk, its etcd or the region's own etcd is full, and tells it as the cluster's health. */
public final class StorageWatch implements ReconcileLoop.Reconciler {
    private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    /** Below this, etcd's next snapshot may not fit any more. */
    private static final long NEEDED_BYTES = 512L << 20;

    private final EksContext context;
    private final EtcdConfig region;

    /** @param region the region's own etcd */
    public StorageWatch(EksContext context, EtcdConfig region) {
        this.context = context;
        this.region = region;
    }

    @Override
    public Optional<Duration> reconcile(String name) throws IOException {
        Optional<ClusterRecord> found = context.store().clusters().find(name);
        if (found.isEmpty()) {
            context.health().forget(name);
            return Optional.empty();
        }
        var directory = context.directory(name);
        if (found.get().layout() == null || !java.nio.file.Files.isDirectory(directory)) {
            return Optional.of(LOOK_AGAIN);
        }
        List<Issue> issues = new ArrayList<>(StorageIssues.ofDisk(directory, NEEDED_BYTES));
        try {
            issues.addAll(StorageIssues.ofEtcd(
                    ClusterEtcd.config(found.get(), directory), "The cluster's etcd", "the cluster takes no writes"));
            issues.addAll(StorageIssues.ofEtcd(
                    region, "The region service's own etcd", "clusters can't be changed through the EKS API"));
        } catch (StorageException e) {
            // While an etcd starts or is gone its alarms can't be read; that is not what is watched here.
            log.atDebug().addKeyValue("cluster", name).setCause(e).log("alarms can't be read");
            issues.addAll(context.health().of(name).stream()
                    .filter(issue -> issue.message().contains("(alarm "))
                    .toList());
        }
        if (!issues.isEmpty() && context.health().of(name).isEmpty()) {
            log.atWarn()
                    .addKeyValue("cluster", name)
                    .addKeyValue("issues", issues)
                    .log("storage of a cluster is in trouble");
        }
        context.health().note(name, "storage", issues);
        return Optional.of(LOOK_AGAIN);
    }
}
