package io.pilothouse.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SchedulingQueueTest {
    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid(name)
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
    }

    /** Room was made while another pod was looked at: nobody may wait for the next change. */
    @Test
    void aChangeSinceAPodWasTakenCountsAlsoWhenAnotherWasTakenMeanwhile() throws Exception {
        try (var queue = new SchedulingQueue()) {
            queue.add(pod("a"));
            var first = queue.take().orElseThrow();
            queue.changed(any -> true);
            queue.add(pod("b"));
            queue.take();
            queue.unschedulable(first);
            var next = CompletableFuture.supplyAsync(() -> {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(next.get(10, TimeUnit.SECONDS)).contains(first);
        }
    }
}
