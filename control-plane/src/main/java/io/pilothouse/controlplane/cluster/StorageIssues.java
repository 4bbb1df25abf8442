package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.ClusterRecord.Issue;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdMaintenance;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the places where state is kept, in the words and codes of the EKS API. */
final class StorageIssues {
    private StorageIssues() {}

    /** When a disk has less than {@code needed} bytes left. */
    static List<Issue> ofDisk(Path directory, long needed) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        long left = disk.getUsableSpace();
        return left >= needed
                ? List.of()
                : List.of(new Issue(
                        "Other",
                        "The disk under the control plane is nearly full: " + mebibytes(left) + " of "
                                + mebibytes(disk.getTotalSpace())
                                + " are left. The cluster takes no writes once it is full."));
    }

    private static String mebibytes(long bytes) {
        return (bytes >> 20) + " MiB";
    }

    /**
     * The alarms that an etcd has raised.
     *
     * @param whose as the message begins, such as {@code The cluster's etcd}
     * @param consequence of its taking no writes
     */
    static List<Issue> ofEtcd(EtcdConfig config, String whose, String consequence) {
        List<Issue> issues = new ArrayList<>();
        try (var etcd = new EtcdMaintenance(config)) {
            for (var alarm : etcd.alarms()) {
                issues.add(
                        switch (alarm) {
                            case NO_SPACE ->
                                new Issue(
                                        "ResourceLimitExceeded",
                                        whose + " has reached its storage quota (alarm NOSPACE): " + consequence
                                                + " until space is freed and the alarm is disarmed.");
                            case CORRUPT ->
                                new Issue(
                                        "InternalFailure",
                                        whose + " has found that its members' data differ (alarm CORRUPT).");
                        });
            }
        }
        return issues;
    }
}
