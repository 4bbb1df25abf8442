package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers events and hands them on in batches, on a thread of its own, so that no request waits for them. What does not find room in the buffer is
 * lost, and logged; so is a batch that cannot be written. Closing hands on what is left.
 */
public final class BatchingSink implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(BatchingSink.class);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /**
     * How events are gathered.
     *
     * @param buffer events that may wait
     * @param size of a batch at most
     * @param patience until a batch that is not full is handed on; zero for none
     * @param batchesPerSecond at most; 0 for no limit
     * @param burst batches at once
     */
    public record Options(int buffer, int size, Duration patience, double batchesPerSecond, int burst) {}

    private final AuditSink sink;
    private final Options options;
    private final AuditMetrics metrics;
    private final BlockingQueue<ObjectNode> waiting;
    private final Thread thread;
    private volatile boolean closed;
    private double tokens;
    private long tokensNanos = System.nanoTime();

    private BatchingSink(AuditSink sink, Options options, AuditMetrics metrics) {
        this.sink = sink;
        this.metrics = metrics;
        this.options = options;
        this.waiting = new ArrayBlockingQueue<>(options.buffer());
        this.tokens = options.burst();
        this.thread = Thread.ofVirtual().name("audit-batches").unstarted(this::run);
    }

    public static BatchingSink start(AuditSink sink, Options options, AuditMetrics metrics) {
        var batching = new BatchingSink(sink, options, metrics);
        batching.thread.start();
        return batching;
    }

    @Override
    public void write(List<ObjectNode> events) {
        for (var event : events) {
            if (closed || !waiting.offer(event)) {
                metrics.lost("buffered", 1);
                LOG.atError()
                        .addKeyValue("auditID", event.path("auditID").asText())
                        .log("an audit event is lost: the buffer is full");
            }
        }
    }

    private void run() {
        try {
            while (!closed || !waiting.isEmpty()) {
                var batch = gather();
                if (!batch.isEmpty()) {
                    throttle();
                    hand(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ObjectNode> gather() throws InterruptedException {
        var batch = new ArrayList<ObjectNode>();
        var first = waiting.poll(1, TimeUnit.SECONDS);
        if (first == null) {
            return batch;
        }
        batch.add(first);
        long deadline = System.nanoTime() + options.patience().toNanos();
        while (batch.size() < options.size()) {
            var next = closed
                    ? waiting.poll()
                    : waiting.poll(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            batch.add(next);
        }
        return batch;
    }

    private void throttle() throws InterruptedException {
        if (options.batchesPerSecond() <= 0) {
            return;
        }
        long now = System.nanoTime();
        tokens = Math.min(options.burst(), tokens + (now - tokensNanos) / 1e9 * options.batchesPerSecond());
        tokensNanos = now;
        tokens--;
        if (tokens < 0 && !closed) {
            TimeUnit.NANOSECONDS.sleep((long) (-tokens / options.batchesPerSecond() * 1e9));
        }
    }

    private void hand(List<ObjectNode> batch) {
        try {
            sink.write(batch);
        } catch (IOException e) {
            metrics.lost(sink.name(), batch.size());
            LOG.atError().setCause(e).addKeyValue("events", batch.size()).log("audit events are lost");
        }
    }

    @Override
    public String name() {
        return sink.name();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }
}
