package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @Test
    void readsWhatItWrites() {
        for (var time = LocalDateTime.of(1968, 2, 27, 23, 59, 58).toInstant(ZoneOffset.UTC);
                time.isBefore(Instant.parse("2105-01-01T00:00:00Z"));
                time = time.plusSeconds(3_456_789)) {
            assertThat(Times.parseSeconds(Times.seconds(time))).isEqualTo(time);
            var precise = time.plusNanos(123_456_000);
            assertThat(Times.parseMicros(Times.micros(precise))).isEqualTo(precise);
        }
    }

    @Test
    void readsOtherTextsOfTheSameTime() {
        var time = Instant.parse("2024-02-29T05:06:07Z");
        assertThat(Times.parseSeconds("2024-02-29T05:06:07Z")).isEqualTo(time);
        assertThat(Times.parseSeconds("2024-02-29T5:06:07Z")).isEqualTo(time);
        assertThat(Times.parseSeconds("2024-02-29T07:06:07+02:00")).isEqualTo(time);
        assertThat(Times.parseSeconds("2024-02-29T05:06:07.999Z")).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-30T05:06:07Z",
                "2024-13-01T05:06:07Z",
                "2024-00-01T05:06:07Z",
                "2024-01-00T05:06:07Z",
                "2024-01-01T24:06:07Z",
                "2024-01-01T05:60:07Z",
                "2024-01-01T05:06:60Z",
                "2024-01-01 05:06:07Z",
                "2024-01-01T05:06:07z"
            })
    void refusesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Times.parseSeconds(text)).isInstanceOf(DecodeException.class);
    }
}
