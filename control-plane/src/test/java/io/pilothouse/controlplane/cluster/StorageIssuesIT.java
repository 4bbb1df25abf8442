package io.pilothouse.controlplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.controlplane.eks.ClusterHealth;
import io.pilothouse.controlplane.eks.ClusterRecord.Issue;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.testing.EtcdProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageIssuesIT {
    private static int etcdctl(EtcdProcess etcd, Path input, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + etcd.endpoint()));
        command.addAll(List.of(words));
        return new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static List<Issue> issues(EtcdProcess etcd) {
        return StorageIssues.ofEtcd(
                EtcdConfig.of(List.of(etcd.endpoint())), "The cluster's etcd", "the cluster takes no writes");
    }

    @Test
    void tellsThatAnEtcdIsFullUntilItIsNot(@TempDir Path directory) throws Exception {
        Path value = Files.write(directory.resolve("value"), new byte[1 << 20]);
        try (EtcdProcess etcd = EtcdProcess.start("--quota-backend-bytes=" + (4 << 20))) {
            assertThat(issues(etcd)).isEmpty();
            int written = 0;
            while (written < 20 && etcdctl(etcd, value, "put", "key" + written) == 0) {
                written++;
            }
            assertThat(written).isBetween(1, 19);
            assertThat(issues(etcd))
                    .containsExactly(new Issue(
                            "ResourceLimitExceeded",
                            "The cluster's etcd has reached its storage quota (alarm NOSPACE): the cluster takes no writes"
                                    + " until space is freed and the alarm is disarmed."));
            assertThat(etcdctl(etcd, value, "alarm", "disarm")).isZero();
            assertThat(issues(etcd)).isEmpty();
        }
    }

    @Test
    void tellsThatADiskIsNearlyFull(@TempDir Path directory) throws Exception {
        assertThat(StorageIssues.ofDisk(directory, 0)).isEmpty();
        assertThat(StorageIssues.ofDisk(directory, Long.MAX_VALUE))
                .singleElement()
                .satisfies(issue -> {
                    assertThat(issue.code()).isEqualTo("Other");
                    assertThat(issue.message()).startsWith("The disk under the control plane is nearly full: ");
                });
    }

    @Test
    void anObserverReplacesWhatItSawItself() {
        var health = new ClusterHealth();
        var full = new Issue("Other", "full");
        var failed = new Issue("Other", "failed");
        health.note("c", "storage", List.of(full));
        health.note("c", "backup", List.of(failed));
        assertThat(health.of("c")).containsExactly(failed, full);
        health.note("c", "storage", List.of());
        assertThat(health.of("c")).containsExactly(failed);
        assertThat(health.of("other")).isEmpty();
    }
}
