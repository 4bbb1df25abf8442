package io.pilothouse.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.backup.Backups.Retention;
import io.pilothouse.cloud.CloudConfig;
import io.pilothouse.cloud.EmbeddedCloud;
import io.pilothouse.cloud.state.EtcdStateStore;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import io.pilothouse.storage.testing.EtcdProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real etcd in a bucket of the embedded S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupsIT {
    private static final String REGION = "us-east-1";
    private final ManualClock clock = new ManualClock();
    private EtcdProcess etcd;
    private EtcdStore store;
    private EmbeddedCloud cloud;
    private Bucket bucket;
    private Backups backups;
    private Path scratch;

    /** A clock that is moved by hand. */
    private static final class ManualClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        etcd = EtcdProcess.start();
        store = EtcdStore.connect(EtcdConfig.of(List.of(etcd.endpoint())));
        var config = new CloudConfig(
                REGION,
                "123456789012",
                directory.resolve("cloud"),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                false,
                Map.of());
        cloud = EmbeddedCloud.start(config, new EtcdStateStore(store), parts -> List.of());
        bucket = Bucket.at(
                cloud.endpoint(),
                REGION,
                "backups",
                cloud.rootKey().id(),
                cloud.rootKey().secret());
        scratch = Files.createDirectory(directory.resolve("scratch"));
        backups = new Backups(bucket, scratch, clock);
    }

    @AfterAll
    void end() throws IOException {
        bucket.close();
        cloud.close();
        store.close();
        etcd.close();
    }

    private Backup create(String cluster) throws BackupException {
        clock.advance(Duration.ofSeconds(1));
        return backups.create(cluster, EtcdConfig.of(List.of(etcd.endpoint())));
    }

    private void nothingIsLeftInScratch() throws IOException {
        try (Stream<Path> left = Files.list(scratch)) {
            assertThat(left).isEmpty();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aBackupHoldsWhatWasWrittenBeforeItAndIsRestored(@TempDir Path directory) throws Exception {
        long revision = store.create("/before", bytes("kept"), 0);
        Backup made = create("restored");
        store.create("/after", bytes("not in it"), 0);
        assertThat(made.revision()).isGreaterThanOrEqualTo(revision);
        assertThat(backups.list("restored")).containsExactly(made);
        assertThat(backups.verify("restored", made.id())).isEqualTo(made);
        nothingIsLeftInScratch();

        Path snapshot = directory.resolve("snapshot.db");
        backups.fetch(made, snapshot);
        Path data = directory.resolve("member");
        String peer = "http://127.0.0.1:1";
        SnapshotFile.restore(snapshot, new SnapshotFile.Member("test", peer, data, "test=" + peer, "another"));
        try (EtcdProcess again = EtcdProcess.start("--data-dir=" + data);
                EtcdStore restored = EtcdStore.connect(EtcdConfig.of(List.of(again.endpoint())))) {
            assertThat(restored.get("/before").orElseThrow().value()).isEqualTo(bytes("kept"));
            assertThat(restored.get("/after")).isEmpty();
        }
    }

    @Test
    void aDamagedSnapshotIsRefusedAndNotLeftBehind(@TempDir Path directory) throws Exception {
        Backup made = create("damaged");
        Path copy = directory.resolve("copy.db");
        backups.fetch(made, copy);
        byte[] content = Files.readAllBytes(copy);
        content[content.length / 2] ^= 1;
        bucket.put(made.snapshotKey(), content);
        Path file = directory.resolve("snapshot.db");
        assertThatThrownBy(() -> backups.fetch(made, file))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("damaged");
        assertThat(file).doesNotExist();
        assertThatThrownBy(() -> backups.verify("damaged", made.id())).isInstanceOf(BackupException.class);
        nothingIsLeftInScratch();
    }

    @Test
    void whatEtcdCannotReadIsRefusedThoughItsHashIsRight(@TempDir Path directory) throws Exception {
        byte[] nonsense = bytes("not a snapshot".repeat(1000));
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(nonsense));
        Backup forged = new Backup("20260101T000000000Z", "forged", 0, nonsense.length, hash, 1, "3.4");
        bucket.put(forged.snapshotKey(), nonsense);
        bucket.put(forged.entryKey(), new JsonMapper().writeValueAsBytes(forged));
        Path file = directory.resolve("snapshot.db");
        assertThatThrownBy(() -> backups.fetch(forged, file))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("etcdctl refused");
        assertThat(file).doesNotExist();
    }

    @Test
    void aBackupWithoutItsSnapshotOrOfNobodyIsRefused(@TempDir Path directory) throws Exception {
        Backup made = create("gone");
        bucket.remove(made.snapshotKey());
        assertThatThrownBy(() -> backups.fetch(made, directory.resolve("x"))).isInstanceOf(BackupException.class);
        assertThatThrownBy(() -> backups.find("gone", "nothing"))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("There is no backup nothing");
        assertThat(backups.list("nobody")).isEmpty();
    }

    @Test
    void tooManyAndTooOldOnesGoButNeverTheNewest() throws Exception {
        Backup one = create("kept");
        Backup two = create("kept");
        Backup three = create("kept");
        assertThat(backups.retain("kept", new Retention(2, Duration.ofDays(1)))).containsExactly(one);
        assertThat(bucket.list("clusters/kept/")).hasSize(4).noneMatch(key -> key.contains(one.id()));
        clock.advance(Duration.ofDays(2));
        assertThat(backups.retain("kept", new Retention(2, Duration.ofDays(1)))).containsExactly(two);
        assertThat(backups.list("kept")).containsExactly(three);
    }

    @Test
    void aFailedBackupLeavesNothing() throws Exception {
        EtcdProcess dead = EtcdProcess.start();
        dead.kill();
        assertThatThrownBy(() -> backups.create("dead", EtcdConfig.of(List.of(dead.endpoint()))))
                .isInstanceOf(BackupException.class);
        dead.close();
        assertThat(backups.list("dead")).isEmpty();
        nothingIsLeftInScratch();
    }
}
