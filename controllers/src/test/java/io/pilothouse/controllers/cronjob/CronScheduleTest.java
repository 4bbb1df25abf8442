package io.pilothouse.controllers.cronjob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    private static Instant next(String schedule, String after) {
        return CronSchedule.parse(schedule, ZoneOffset.UTC)
                .next(Instant.parse(after))
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "* * * * *;            2026-01-01T00:00:30Z; 2026-01-01T00:01:00Z",
                "* * * * *;            2026-01-01T00:01:00Z; 2026-01-01T00:02:00Z",
                "*/15 * * * *;         2026-01-01T00:16:00Z; 2026-01-01T00:30:00Z",
                "5/20 * * * *;         2026-01-01T00:26:00Z; 2026-01-01T00:45:00Z",
                "0 9-17/4 * * mon-fri; 2026-01-02T17:00:00Z; 2026-01-05T09:00:00Z",
                "30 2 31 * *;          2026-01-31T03:00:00Z; 2026-03-31T02:30:00Z",
                "0 0 29 2 *;           2026-01-01T00:00:00Z; 2028-02-29T00:00:00Z",
                "0 0 13 * fri;         2026-01-01T00:00:00Z; 2026-01-02T00:00:00Z",
                "0 0 */13 * fri;       2026-01-01T12:00:00Z; 2026-02-27T00:00:00Z",
                "0 12 1 jan,jul ?;     2026-01-01T12:00:00Z; 2026-07-01T12:00:00Z",
                "@hourly;              2026-01-01T00:00:00Z; 2026-01-01T01:00:00Z",
                "@weekly;              2026-01-01T00:00:00Z; 2026-01-04T00:00:00Z",
                "@every 1h30m;         2026-01-01T00:00:10Z; 2026-01-01T01:30:10Z",
                "TZ=Europe/Berlin 0 6 * * *; 2026-07-01T00:00:00Z; 2026-07-01T04:00:00Z"
            })
    void theNextTime(String schedule, String after, String expected) {
        assertThat(next(schedule, after)).isEqualTo(Instant.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "*/0 * * * *",
                "5-1 * * * *",
                "a * * * *",
                "@sometimes",
                "@every x",
                "TZ=Nowhere/Land * * * * *"
            })
    void whatIsNoSchedule(String schedule) {
        assertThatThrownBy(() -> CronSchedule.parse(schedule, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTimeThatNeverComes() {
        assertThat(CronSchedule.parse("0 0 30 2 *", ZoneOffset.UTC).next(Instant.EPOCH))
                .isEmpty();
    }

    @Test
    void anHourThatIsSkippedInSpring() {
        var berlin = CronSchedule.parse("30 2 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(berlin.next(Instant.parse("2026-03-28T12:00:00Z")))
                .isEqualTo(Optional.of(Instant.parse("2026-03-30T00:30:00Z")));
    }

    @Test
    void theLastTimeThatHasComeIsDueHoweverManyWereMissed() {
        var minutely = CronSchedule.parse("* * * * *", ZoneOffset.UTC);
        var start = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(DueTime.of(minutely, start, start.plusSeconds(59))).isEqualTo(new DueTime(Optional.empty(), false));
        assertThat(DueTime.of(minutely, start, start.plusSeconds(60)))
                .isEqualTo(new DueTime(Optional.of(start.plusSeconds(60)), false));
        assertThat(DueTime.of(minutely, start, start.plusSeconds(200)))
                .isEqualTo(new DueTime(Optional.of(start.plusSeconds(180)), false));
        assertThat(DueTime.of(minutely, start, start.plus(Duration.ofDays(365))))
                .isEqualTo(new DueTime(Optional.of(start.plus(Duration.ofDays(365))), true));
    }
}
