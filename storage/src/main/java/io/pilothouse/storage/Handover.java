package io.pilothouse.storage;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * A writer's promise to the cache: "what I write comes back as a revision, not as bytes to parse again". Opened before the transaction, told
 * of its revision after, and closed in any case.
 */
public final class Handover<E> implements AutoCloseable {
    private static final long PATIENCE_MILLIS = 1000;
    private final String key;
    private final Consumer<Handover<E>> onSettled;
    private final CompletableFuture<Written<E>> written = new CompletableFuture<>();

    private record Written<E>(long revision, Optional<E> value) {}

    Handover(String key, Consumer<Handover<E>> onSettled) {
        this.key = key;
        this.onSettled = onSettled;
    }

    String key() {
        return key;
    }

    /** The transaction was committed at that revision with this content. */
    public void committed(long revision, E value) {
        if (written.complete(new Written<>(revision, Optional.of(value)))) {
            onSettled.accept(this);
        }
    }

    /** Without {@link #committed}: nothing was written, or nobody knows. */
    @Override
    public void close() {
        if (written.complete(new Written<>(0, Optional.empty()))) {
            onSettled.accept(this);
        }
    }

    /** The revision written; 0 when nothing was, -1 when not known yet. */
    long revision() {
        return written.isDone() ? written.join().revision : -1;
    }

    /** What was written at that revision, by this writer, as far as it is known yet. */
    Optional<E> poll(long revision) {
        return revision() == revision ? written.join().value : Optional.empty();
    }

    /** What was written at that revision, by this writer; waits a moment, since the event may overtake the transaction's answer. */
    Optional<E> await(long revision) throws InterruptedException {
        try {
            Written<E> outcome = written.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return outcome.revision == revision ? outcome.value : Optional.empty();
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        }
    }
}
