package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WatermarkTest {
    @Test
    void tellsTheMostOfTheLastSecond() {
        var nanos = new AtomicLong();
        var mark = new Watermark(nanos::get);
        mark.increment();
        mark.increment();
        mark.decrement();
        assertThat(mark.most()).isEqualTo(2);
        nanos.addAndGet(1_100_000_000L);
        assertThat(mark.most()).isEqualTo(1);
        mark.decrement();
        mark.increment();
        mark.decrement();
        assertThat(mark.most()).isEqualTo(1);
        nanos.addAndGet(1_100_000_000L);
        assertThat(mark.most()).isZero();
    }
}
