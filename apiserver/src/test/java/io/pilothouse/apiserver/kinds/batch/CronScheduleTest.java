package io.pilothouse.apiserver.kinds.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronScheduleTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "* * * * *",
                "*/15 0-6 1,15 jan-mar MON",
                "5/10 * ? * *",
                "@hourly",
                "@every 1h30m",
                "TZ=Europe/Zurich 0 0 * * *",
                "CRON_TZ=UTC 0 0 * * *"
            })
    void takesWhatUpstreamTakes(String schedule) {
        assertThat(CronSchedule.problem(schedule)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"* * * *", "60 * * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "@never", "@every x", ""})
    void refusesTheRest(String schedule) {
        assertThat(CronSchedule.problem(schedule)).isPresent();
    }
}
