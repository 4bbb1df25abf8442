package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimeProblemTest {
    @Test
    void stopsWhereGoStops() {
        micros("2001-02-03T04:05:06.123456789+02:00", "cannot parse \"789+02:00\" as \"Z07:00\"");
        micros("2001-02-03T04:05:06Z", "cannot parse \"Z\" as \".000000\"");
        seconds("yesterday", "cannot parse \"yesterday\" as \"2006\"");
        seconds("2001-02-03 04:05:06Z", "cannot parse \" 04:05:06Z\" as \"T\"");
        seconds("2001-13-03T04:05:06Z", "\"2001-13-03T04:05:06Z\": month out of range");
        seconds("2001-02-30T04:05:06Z", ": day out of range");
        seconds("2001-02-03T04:05:06Zx", ": extra text: \"x\"");
    }

    private static void micros(String text, String end) {
        assertThatThrownBy(() -> Times.parseMicros(text)).hasMessageEndingWith(end);
    }

    private static void seconds(String text, String end) {
        assertThatThrownBy(() -> Times.parseSeconds(text)).hasMessageEndingWith(end);
    }
}
