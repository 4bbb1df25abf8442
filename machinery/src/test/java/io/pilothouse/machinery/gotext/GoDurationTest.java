package io.pilothouse.machinery.gotext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "0, PT0S",
        "+0, PT0S",
        "5s, PT5S",
        "-5s, PT-5S",
        "1h30m, PT1H30M",
        "1.5h, PT1H30M",
        ".5s, PT0.5S",
        "1.s, PT1S",
        "2us, PT0.000002S",
        "1h1ns, PT1H0.000000001S"
    })
    void readsWhatGoReads(String text, Duration expected) {
        assertThat(GoDuration.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "'', time: invalid duration \"\"",
        "-, time: invalid duration \"-\"",
        "s, time: invalid duration \"s\"",
        ".s, time: invalid duration \".s\"",
        "1.2.3s, time: missing unit in duration \"1.2.3s\"",
        "9999999h, time: invalid duration \"9999999h\"",
        "10, time: missing unit in duration \"10\"",
        "1h5, time: missing unit in duration \"1h5\"",
        "10y, time: unknown unit \"y\" in duration \"10y\""
    })
    void refusesInGosWords(String text, String message) {
        assertThatThrownBy(() -> GoDuration.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "0s, PT0S",
        "1ns, PT0.000000001S",
        "300ms, PT0.3S",
        "1.5s, PT1.5S",
        "1m0s, PT1M",
        "1h0m0s, PT1H",
        "25h30m1.25s, PT25H30M1.25S",
        "-2m3s, PT-2M-3S"
    })
    void printsAsGoPrints(String text, Duration duration) {
        assertThat(GoDuration.text(duration)).isEqualTo(text);
    }

    @Test
    void takesBothLettersForMicro() {
        assertThat(GoDuration.parse("1\u00b5s")).isEqualTo(GoDuration.parse("1\u03bcs"));
    }
}
