package io.pilothouse.apiserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueMetricsTest {
    private final Metrics metrics = new Metrics();
    private final AtomicLong nanos = new AtomicLong();
    private final QueueMetrics.Queue queue = new QueueMetrics(metrics, nanos::get).of("work");

    private void wait(int seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    private void tells(String... lines) {
        for (String line : lines) {
            assertThat(metrics.text()).contains("\n" + line + "\n");
        }
    }

    @Test
    void whatWaitsAndWorksIsTold() {
        queue.add("a");
        wait(1);
        queue.add("a");
        queue.add("b");
        tells("workqueue_depth{name=\"work\"} 2", "workqueue_adds_total{name=\"work\"} 2");
        wait(1);
        queue.begin("a");
        queue.begin("b");
        wait(3);
        queue.add("a");
        tells(
                "workqueue_depth{name=\"work\"} 1",
                "workqueue_adds_total{name=\"work\"} 3",
                "workqueue_queue_duration_seconds_sum{name=\"work\"} 3",
                "workqueue_unfinished_work_seconds{name=\"work\"} 6",
                "workqueue_longest_running_processor_seconds{name=\"work\"} 3");
        queue.end("a");
        queue.end("b");
        queue.retry();
        tells(
                "workqueue_work_duration_seconds_sum{name=\"work\"} 6",
                "workqueue_work_duration_seconds_count{name=\"work\"} 2",
                "workqueue_unfinished_work_seconds{name=\"work\"} 0",
                "workqueue_retries_total{name=\"work\"} 1");
    }

    @Test
    void whatBeginsByItselfCountsAsAdded() {
        queue.begin("a");
        queue.end("a");
        tells(
                "workqueue_adds_total{name=\"work\"} 1",
                "workqueue_queue_duration_seconds_count{name=\"work\"} 1",
                "workqueue_depth{name=\"work\"} 0");
    }
}
