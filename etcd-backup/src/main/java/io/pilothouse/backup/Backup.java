package io.pilothouse.backup;

/**
 * A catalogue entry: one snapshot in the bucket.
 *
 * @param id sorts by time
 * @param sha256 of the snapshot, hexadecimal
 * @param revision at least this revision of etcd is in it
 */
public record Backup(
        String id,
        String cluster,
        long createdMillis,
        long sizeBytes,
        String sha256,
        long revision,
        String etcdVersion) {
    /** The key of the snapshot itself. */
    String snapshotKey() {
        return folder(cluster) + id + "/snapshot.db";
    }

    /** The key of this entry. */
    String entryKey() {
        return folder(cluster) + id + "/backup.json";
    }

    static String folder(String cluster) {
        return "clusters/" + cluster + "/";
    }
}
