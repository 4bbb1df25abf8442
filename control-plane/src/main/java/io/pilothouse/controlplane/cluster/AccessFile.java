package io.pilothouse.controlplane.cluster;

import io.pilothouse.controlplane.eks.AccessEntryRecord;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksStore;
import io.pilothouse.iam.mapping.AccessEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The access entries and the authentication mode in the form in which the masters read them. */
final class AccessFile {
    private AccessFile() {}

    /** Writes the file when it says something else; the masters look at it again then. */
    static void write(EksStore store, ClusterRecord cluster, Path file) throws IOException {
        AccessEntries wanted = new AccessEntries(
                store.entriesOf(cluster.name()).stream().map(AccessFile::entry).toList(),
                cluster.spec().authenticationMode());
        if (!Files.exists(file)
                || !AccessEntries.parse(Files.readAllBytes(file)).equals(wanted)) {
            wanted.write(file);
        }
    }

    private static AccessEntries.Entry entry(AccessEntryRecord e) {
        List<AccessEntries.Association> policies = e.policies().stream()
                .map(p -> new AccessEntries.Association(p.arn(), p.scope(), p.namespaces()))
                .toList();
        return new AccessEntries.Entry(e.principalArn(), e.principalId(), e.type(), e.username(), e.groups(), policies);
    }
}
