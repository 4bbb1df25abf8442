package io.pilothouse.controllers.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ElectionTest {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private final FakeLeaseLock lock = new FakeLeaseLock();
    private final Election one = candidate("one");
    private final Election two = candidate("two");
    private long nanos;

    private Election candidate(String name) {
        return new Election(lock, name, LEASE, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), () -> nanos);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private LeaderRecord record() {
        return lock.get().orElseThrow().record();
    }

    @Test
    void theFirstLeadsAndTheOthersSeeIt() {
        assertThat(one.tryAcquireOrRenew()).isTrue();
        assertThat(two.tryAcquireOrRenew()).isFalse();
        assertThat(two.otherLeader()).isEqualTo("one");
        assertThat(record().transitions()).isZero();
    }

    @Test
    void whoSeesNoChangeForTheLeasesDurationTakesOver() {
        one.tryAcquireOrRenew();
        two.tryAcquireOrRenew();
        pass(LEASE.minusNanos(1));
        assertThat(two.tryAcquireOrRenew()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(two.tryAcquireOrRenew()).isTrue();
        assertThat(record().holder()).isEqualTo("two");
        assertThat(record().transitions()).isEqualTo(1);
        assertThat(one.tryAcquireOrRenew()).isFalse();
        assertThat(one.otherLeader()).isEqualTo("two");
    }

    @Test
    void renewingKeepsOthersAway() {
        one.tryAcquireOrRenew();
        for (int i = 0; i < 10; i++) {
            assertThat(two.tryAcquireOrRenew()).isFalse();
            pass(Duration.ofSeconds(10));
            assertThat(one.tryAcquireOrRenew()).isTrue();
        }
        assertThat(record().transitions()).isZero();
    }

    @Test
    void whatIsGivenUpIsTakenAtOnce() {
        one.tryAcquireOrRenew();
        two.tryAcquireOrRenew();
        one.release();
        assertThat(record().holder()).isEmpty();
        assertThat(two.tryAcquireOrRenew()).isTrue();
        assertThat(record().transitions()).isEqualTo(1);
    }

    @Test
    void anothersLeaseIsNotGivenUp() {
        one.tryAcquireOrRenew();
        two.tryAcquireOrRenew();
        two.release();
        assertThat(record().holder()).isEqualTo("one");
    }
}
