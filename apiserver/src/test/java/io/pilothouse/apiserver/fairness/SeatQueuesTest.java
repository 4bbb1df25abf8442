package io.pilothouse.apiserver.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeatQueuesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong now = new AtomicLong(5);
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void aFlowThatCameLaterIsServedBeforeTheRestOfABusyOne() {
        var queues = queues(new SeatQueues.Shape(false, 4, 1, 10), 1);
        var busy = new ArrayList<SeatQueues.Entry>();
        for (int i = 0; i < 3; i++) {
            busy.add(queues.enter("s", "busy", WorkEstimate.ONE, 0));
        }
        var other = queues.enter("s", "other", WorkEstimate.ONE, 1);
        assertThat(busy.getFirst().isWaiting()).isFalse();

        now.addAndGet(SECOND);
        busy.getFirst().finish();

        assertThat(other.isWaiting()).isFalse();
        assertThat(busy.get(1).isWaiting()).isTrue();
        now.addAndGet(SECOND);
        other.finish();
        assertThat(busy.get(1).isWaiting()).isFalse();
        assertThat(busy.get(2).isWaiting()).isTrue();
    }

    @Test
    void aFullQueueTurnsAwayAndALevelWithoutQueuesDoesSoAtOnce() {
        var queued = queues(new SeatQueues.Shape(false, 1, 1, 1), 1);
        queued.enter("s", "", WorkEstimate.ONE, 0);
        assertThat(queued.enter("s", "", WorkEstimate.ONE, 0).isWaiting()).isTrue();
        assertThat(queued.enter("s", "", WorkEstimate.ONE, 0).refusal()).isEqualTo(SeatQueues.Refusal.QUEUE_FULL);

        var rejecting = queues(new SeatQueues.Shape(false, 0, 1, 0), 1);
        var served = rejecting.enter("s", "", WorkEstimate.ONE, 0);
        assertThat(rejecting.enter("s", "", WorkEstimate.ONE, 0).refusal()).isEqualTo(SeatQueues.Refusal.NO_SEAT);
        served.finish();
        assertThat(rejecting.enter("s", "", WorkEstimate.ONE, 0).refusal()).isNull();
    }

    @Test
    void whoWaitsTooLongIsTurnedAwayAndLeavesNoTrace() throws InterruptedException {
        var queues = queues(new SeatQueues.Shape(false, 2, 1, 10), 1);
        var served = queues.enter("s", "", WorkEstimate.ONE, 0);
        var late = queues.enter("s", "", WorkEstimate.ONE, 1);

        queues.await(late, 1);

        assertThat(late.refusal()).isEqualTo(SeatQueues.Refusal.TIME_OUT);
        served.finish();
        assertThat(queues.state()).isEqualTo(new SeatQueues.State(0, 0, 0, 0, 1));
    }

    @Test
    void aWideRequestWaitsForItsSeatsButNeverForMoreThanThereAre() {
        var queues = queues(new SeatQueues.Shape(false, 2, 1, 10), 4);
        var one = queues.enter("s", "", WorkEstimate.ONE, 0);
        var wide = queues.enter("s", "", new WorkEstimate(9, 0, 0), 1);
        assertThat(wide.isWaiting()).isTrue();

        one.finish();

        assertThat(wide.isWaiting()).isFalse();
        assertThat(queues.enter("s", "", WorkEstimate.ONE, 0).isWaiting()).isTrue();
    }

    @Test
    void moreSeatsLetThoseInWhoWait() {
        var queues = queues(new SeatQueues.Shape(false, 2, 1, 10), 1);
        queues.enter("s", "", WorkEstimate.ONE, 0);
        var waiting = queues.enter("s", "", WorkEstimate.ONE, 0);

        queues.reshape(new SeatQueues.Shape(false, 2, 1, 10), 2);

        assertThat(waiting.isWaiting()).isFalse();
    }

    private SeatQueues queues(SeatQueues.Shape shape, int seats) {
        return new SeatQueues(shape, seats, now::get, timer);
    }
}
