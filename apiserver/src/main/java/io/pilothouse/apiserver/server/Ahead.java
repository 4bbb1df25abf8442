package io.pilothouse.apiserver.server;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** What is made beside the rest of a start, because it takes a while and is needed late. */
final class Ahead<T> {
    /** Makes it. */
    @FunctionalInterface
    interface Maker<T> {
        T make() throws IOException, InterruptedException;
    }

    private final FutureTask<T> making;

    private Ahead(FutureTask<T> making) {
        this.making = making;
    }

    /** Begins to make it, on a thread of its own. */
    static <T> Ahead<T> start(String name, Maker<T> maker) {
        var making = new FutureTask<>(maker::make);
        Thread.ofPlatform().daemon().name(name).start(making);
        return new Ahead<>(making);
    }

    /**
     * Waits until it is made.
     *
     * @throws IOException if it could not be made
     */
    T get() throws IOException, InterruptedException {
        try {
            return making.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof IOException failure) {
                throw failure;
            }
            if (cause instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(cause);
        }
    }
}
