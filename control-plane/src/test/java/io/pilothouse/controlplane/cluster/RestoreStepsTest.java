package io.pilothouse.controlplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.backup.Backup;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestoreStepsTest {
    private static final long NOW = 1_800_000_000_000L;

    private static Backup backup(Duration age, long revision) {
        return new Backup("b", "demo", NOW - age.toMillis(), 1, "", revision, "3.4.23");
    }

    @Test
    void theOffsetIsNoLessThanAnyRevisionThatWasGivenOut() {
        // So many a second since, all of them written.
        Duration age = Duration.ofDays(35);
        long last = 5_000_000 + age.toSeconds() * 30_000;
        assertThat(RestoreSteps.offset(0, backup(age, 5_000_000), NOW)).isGreaterThan(last);
        // After an earlier restore etcd's revisions were shown with its offset.
        long before = 1_000_000_123L;
        assertThat(RestoreSteps.offset(before, backup(age, 5_000_000), NOW)).isGreaterThan(before + last);
    }

    @Test
    void aClockThatWentBackwardsTakesNothingFromIt() {
        assertThat(RestoreSteps.offset(7, backup(Duration.ofDays(-1), 100), NOW))
                .isGreaterThan(7 + 100 + 999_999_999L);
    }
}
