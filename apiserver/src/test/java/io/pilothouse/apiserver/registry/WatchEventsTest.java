package io.pilothouse.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WatchEventsTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void marksEachMinuteAndShortlyBeforeTheEnd() {
        assertThat(WatchEvents.bookmarkTime(NOW, MINUTE, NOW.plusSeconds(600))).isEqualTo(NOW.plusSeconds(60));
        assertThat(WatchEvents.bookmarkTime(NOW, MINUTE, NOW.plusSeconds(30))).isEqualTo(NOW.plusSeconds(28));
        assertThat(WatchEvents.bookmarkTime(NOW, MINUTE, NOW.plusSeconds(2))).isEqualTo(Instant.MAX);
    }
}
