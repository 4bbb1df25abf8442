package io.pilothouse.controlplane.backup;

import io.pilothouse.backup.Backups.Retention;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where backups go and when they are made.
 *
 * @param endpoint of an S3-compatible store whose credentials are in the environment; empty for the embedded one
 * @param amazon whether it is Amazon's S3
 * @param every zero for none but those asked for
 */
public record BackupSettings(
        String bucket, Optional<URI> endpoint, boolean amazon, Duration every, Retention retention) {
    /** In the embedded store, each hour, 48 of them for a week at most. */
    public static BackupSettings embedded() {
        return new BackupSettings(
                "pilothouse-backups",
                Optional.empty(),
                false,
                Duration.ofHours(1),
                new Retention(48, Duration.ofDays(7)));
    }
}
