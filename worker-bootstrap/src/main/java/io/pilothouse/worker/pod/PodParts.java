package io.pilothouse.worker.pod;

import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.Cgroups;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.kube.ApiClient;
import java.nio.file.Path;
import java.time.Clock;

/** What all pods' workers share. */
record PodParts(
        ApiClient client,
        ObjectReads reads,
        ContainerRuntime runtime,
        NodeSettings settings,
        PodPlan plan,
        Environment environment,
        Volumes volumes,
        Volumes.TokenSource tokens,
        Events events,
        Actions actions,
        Cgroups cgroups,
        ClusterNames names,
        Clock clock) {
    static PodParts of(ApiClient client, ContainerRuntime runtime, NodeSettings settings, Clock clock) {
        Path directory = settings.directory();
        ObjectReads reads = new ObjectReads(client);
        FieldValues fields = new FieldValues(settings);
        Volumes.TokenSource tokens = new Volumes.TokenSource(client, clock);
        Events events = new Events(client, settings.identity().name(), clock);
        return new PodParts(
                client,
                reads,
                runtime,
                settings,
                new PodPlan(settings, directory.resolve("logs")),
                new Environment(reads, fields),
                new Volumes(reads, fields, directory.resolve("pods"), tokens),
                tokens,
                events,
                new Actions(runtime),
                new Cgroups(Path.of("/sys/fs/cgroup"), settings.cgroup()),
                new ClusterNames(reads, settings, events),
                clock);
    }
}
