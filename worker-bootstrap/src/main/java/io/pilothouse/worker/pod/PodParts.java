package io.pilothouse.worker.pod;

import io.pilothouse.worker.config.NodeSettings;
import io.pilothouse.worker.cri.Cgroups;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.kube.ApiClient;
import java.nio.file.Path;
import java.time.Clock;

/** What all pods' workers share. */
record PodParts(
        ApiClient client, ContainerRuntime runtime, NodeSettings settings, PodPlan plan, Environment environment, Volumes volumes,
        Volumes.TokenSource tokens, Events events, Actions actions, Cgroups cgroups, Clock clock) {
    static PodParts of(ApiClient client, ContainerRuntime runtime, NodeSettings settings, Clock clock) {
        Path directory = settings.directory();
        FieldValues fields = new FieldValues(settings);
        Volumes.TokenSource tokens = new Volumes.TokenSource(client, clock);
        return new PodParts(
                client, runtime, settings, new PodPlan(settings, directory.resolve("logs")), new Environment(client, fields),
                new Volumes(client, fields, directory.resolve("pods"), tokens), tokens, new Events(client, settings.identity().name(), clock),
                new Actions(runtime), new Cgroups(Path.of("/sys/fs/cgroup"), settings.cgroup()), clock);
    }
}
