package io.pilothouse.controlplane.eks;

import io.pilothouse.cloud.CloudParts;
import java.nio.file.Path;
import java.time.Clock;

/** What operations work with. */
public record EksContext(
        EksStore store,
        CloudParts cloud,
        EksNames names,
        Changes changes,
        Path clustersDirectory,
        ClusterHealth health,
        Clock clock) {
    /** Told after a record was changed, so that the change is worked on at once. */
    public interface Changes {
        /** Of a cluster or its access entries. */
        void cluster(String name);

        /** Of a node group. */
        void nodegroup(String cluster, String name);
    }

    /** Now, in epoch milliseconds. */
    public long now() {
        return clock.millis();
    }

    /** Where a cluster's files are. */
    public Path directory(String cluster) {
        return clustersDirectory.resolve(cluster);
    }
}
