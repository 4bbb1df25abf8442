package io.pilothouse.apiserver.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimeLimitTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger cuts = new AtomicInteger();

    @AfterEach
    void endTimer() {
        timer.shutdownNow();
    }

    @Test
    void interruptsTheWorkerWhenItIsOver() {
        try (var limit = TimeLimit.start(Duration.ofMillis(20), timer, cuts::incrementAndGet)) {
            assertThatThrownBy(() -> Thread.sleep(5000)).isInstanceOf(InterruptedException.class);
            assertThat(limit.isOver()).isTrue();
            assertThat(limit.left()).isLessThanOrEqualTo(Duration.ZERO);
        }
        assertThat(cuts).hasValue(1);
    }

    @Test
    void aNearerLimitInterruptsAndDoesNotCut() {
        try (var limit = TimeLimit.start(Duration.ofMinutes(1), timer, cuts::incrementAndGet)) {
            limit.atMost(Duration.ofMillis(20));
            limit.atMost(Duration.ofMinutes(2));
            assertThat(limit.left()).isLessThan(Duration.ofMillis(21));
            assertThatThrownBy(() -> Thread.sleep(5000)).isInstanceOf(InterruptedException.class);
        }
        assertThat(cuts).hasValue(0);
    }

    @Test
    void leavesTheWorkerAloneOnceItIsClosed() throws InterruptedException {
        var limit = TimeLimit.start(Duration.ofMillis(20), timer, cuts::incrementAndGet);
        limit.end();
        Thread.sleep(60);
        assertThat(limit.isOver()).isFalse();
        assertThat(cuts).hasValue(0);
    }

    @Test
    void closingTakesTheInterruptionBack() {
        var limit = TimeLimit.start(Duration.ofMillis(10), timer, cuts::incrementAndGet);
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        limit.end();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(limit.isOver()).isTrue();
    }
}
