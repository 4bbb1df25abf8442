package io.pilothouse.storage;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares one read among many callers. A caller may not join a read that was under way when it came, since that one may have been answered
 * before the caller's own cause; those who come meanwhile share the one after.
 */
final class SharedRevision {
    private final LongSupplier read;
    private boolean running;
    private @Nullable CompletableFuture<Long> next;

    SharedRevision(LongSupplier read) {
        this.read = read;
    }

    long get() {
        CompletableFuture<Long> mine;
        boolean lead = false;
        synchronized (this) {
            if (running) {
                if (next == null) {
                    next = new CompletableFuture<>();
                }
                mine = next;
            } else {
                running = true;
                lead = true;
                mine = new CompletableFuture<>();
            }
        }
        if (lead) {
            fly(mine);
        }
        try {
            return mine.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException failure) {
                throw failure;
            }
            throw e;
        }
    }

    private void fly(CompletableFuture<Long> flight) {
        try {
            flight.complete(read.getAsLong());
        } catch (Throwable e) {
            flight.completeExceptionally(e);
        } finally {
            CompletableFuture<Long> following;
            synchronized (this) {
                following = next;
                next = null;
                running = following != null;
            }
            if (following != null) {
                Thread.startVirtualThread(() -> fly(following));
            }
        }
    }
}
