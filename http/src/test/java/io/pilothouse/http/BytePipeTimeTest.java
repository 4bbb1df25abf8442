package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BytePipeTimeTest {
    private static final Duration STALL = Duration.ofSeconds(1);

    @Test
    void waitsForAWholeBodyNoLongerThanForOneByte() throws Exception {
        var body = new BytePipe(() -> {}, STALL);
        var stop = new AtomicBoolean();
        var sender = Thread.ofVirtual().start(() -> drip(body, stop));
        try {
            body.boundWhole();
            assertThatThrownBy(body::readAllBytes).isInstanceOf(BodyTimeoutException.class);
        } finally {
            stop.set(true);
            sender.join();
        }
    }

    @Test
    void waitsForAStreamAsLongAsItMoves() throws Exception {
        var body = new BytePipe(() -> {}, STALL);
        var stop = new AtomicBoolean();
        var sender = Thread.ofVirtual().start(() -> drip(body, stop));
        try {
            assertThat(body.readNBytes(30)).hasSize(30);
        } finally {
            stop.set(true);
            sender.join();
        }
    }

    private static void drip(BytePipe body, AtomicBoolean stop) {
        while (!stop.get()) {
            body.offer(new byte[] {1});
            try {
                Thread.sleep(50);
            } catch (InterruptedException e) {
                return;
            }
        }
    }
}
