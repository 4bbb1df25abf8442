package io.pilothouse.controlplane;

import io.pilothouse.cloud.CloudConfig;
import io.pilothouse.cloud.EmbeddedCloud;
import io.pilothouse.cloud.state.EtcdStateStore;
import io.pilothouse.controlplane.process.Supervisor;
import io.pilothouse.storage.EtcdStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The end of all that runs for a data directory, whose region service does not run. */
final class RegionStop {
    private RegionStop() {}

    /** @throws IOException when the region service still runs, or its etcd does not start */
    static void run(CloudConfig config, Path data) throws IOException {
        RegionState state = RegionState.lock(data);
        try (state;
                Supervisor supervisor = new Supervisor()) {
            Supervisor.endAllBelow(data.resolve("clusters"), Duration.ofSeconds(3));
            try (EtcdStore etcd = state.startEtcd(supervisor)) {
                EmbeddedCloud.start(config, new EtcdStateStore(etcd), parts -> List.of())
                        .close();
            }
        }
    }
}
