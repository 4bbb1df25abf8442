package io.pilothouse.backup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdMaintenance;
import io.pilothouse.storage.StorageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Snapshots of etcd clusters in a bucket. A backup is there when its catalogue entry is: the snapshot is stored first, the entry last, and
 * both are removed in the other order. Safe for many threads.
 */
public final class Backups {
    private static final Logger log = LoggerFactory.getLogger(Backups.class);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private final Bucket bucket;
    private final Path scratch;
    private final Clock clock;

    /** @param scratch a directory of the owner's only, for snapshots on their way */
    public Backups(Bucket bucket, Path scratch, Clock clock) {
        this.bucket = bucket;
        this.scratch = scratch;
        this.clock = clock;
    }

    /** How many and how old backups may become; the newest always stays. */
    public record Retention(int count, Duration age) {}

    /** Takes a snapshot and stores it. */
    public Backup create(String cluster, EtcdConfig etcd) throws BackupException {
        Path file = scratch.resolve("snapshot-" + cluster + "-" + System.nanoTime());
        try (EtcdMaintenance maintenance = new EtcdMaintenance(etcd)) {
            EtcdMaintenance.Status status = maintenance.status();
            MessageDigest digest = sha256();
            try (OutputStream out =
                    new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), digest)) {
                maintenance.snapshot(out, PATIENCE);
            }
            Instant now = clock.instant();
            Backup backup = new Backup(
                    ID.format(now),
                    cluster,
                    now.toEpochMilli(),
                    Files.size(file),
                    HexFormat.of().formatHex(digest.digest()),
                    status.revision(),
                    status.version());
            SnapshotFile.check(file);
            bucket.put(backup.snapshotKey(), file);
            bucket.put(backup.entryKey(), JSON.writeValueAsBytes(backup));
            log.atInfo()
                    .addKeyValue("cluster", cluster)
                    .addKeyValue("backup", backup.id())
                    .addKeyValue("bytes", backup.sizeBytes())
                    .log("backup made");
            return backup;
        } catch (IOException | StorageException | SdkException e) {
            throw new BackupException("the backup of " + cluster + " failed: " + e.getMessage(), e);
        } finally {
            removeQuietly(file);
        }
    }

    /** All backups of a cluster, oldest first. */
    public List<Backup> list(String cluster) throws BackupException {
        try {
            List<Backup> all = new ArrayList<>();
            for (String key : bucket.list(Backup.folder(cluster))) {
                if (key.endsWith("/backup.json")) {
                    byte[] entry = bucket.find(key).orElse(null);
                    if (entry != null) {
                        all.add(JSON.readValue(entry, Backup.class));
                    }
                }
            }
            all.sort(Comparator.comparing(Backup::id));
            return all;
        } catch (IOException | SdkException e) {
            throw new BackupException("the catalogue of backups can't be read: " + e.getMessage(), e);
        }
    }

    /** A backup that must be there. */
    public Backup find(String cluster, String id) throws BackupException {
        return list(cluster).stream()
                .filter(b -> b.id().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> new BackupException("There is no backup " + id + " of the cluster " + cluster + "."));
    }

    /** Fetches a backup's snapshot into a file that must not be there, and verifies its size, its hash and that etcd can read it. */
    public void fetch(Backup backup, Path file) throws BackupException {
        boolean good = false;
        try {
            bucket.fetch(backup.snapshotKey(), file);
            if (Files.size(file) != backup.sizeBytes() || !hash(file).equals(backup.sha256())) {
                throw new BackupException(
                        "The snapshot of backup " + backup.id() + " is damaged: it is not what was stored.");
            }
            SnapshotFile.check(file);
            good = true;
        } catch (IOException | SdkException e) {
            throw new BackupException("the snapshot of backup " + backup.id() + " can't be read: " + e.getMessage(), e);
        } finally {
            if (!good) {
                removeQuietly(file);
            }
        }
    }

    /** Fetches and verifies a backup, and keeps nothing. */
    public Backup verify(String cluster, String id) throws BackupException {
        Backup backup = find(cluster, id);
        Path file = scratch.resolve("verify-" + cluster + "-" + System.nanoTime());
        fetch(backup, file);
        removeQuietly(file);
        return backup;
    }

    /** Removes what is beyond the limits, oldest first. */
    public List<Backup> retain(String cluster, Retention limits) throws BackupException {
        List<Backup> all = list(cluster);
        List<Backup> removed = new ArrayList<>();
        long oldest = clock.millis() - limits.age().toMillis();
        for (int i = 0; i < all.size() - 1; i++) {
            Backup backup = all.get(i);
            if (all.size() - i > limits.count() || backup.createdMillis() < oldest) {
                try {
                    bucket.remove(backup.entryKey());
                    bucket.remove(backup.snapshotKey());
                } catch (SdkException e) {
                    throw new BackupException("backup " + backup.id() + " can't be removed: " + e.getMessage(), e);
                }
                removed.add(backup);
            }
        }
        return removed;
    }

    private static String hash(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK has no SHA-256", e);
        }
    }

    private static void removeQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("file", file).log("file left behind");
        }
    }
}
