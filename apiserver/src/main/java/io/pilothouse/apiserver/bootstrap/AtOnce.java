package io.pilothouse.apiserver.bootstrap;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Does the same with each of some things at the same time: a start writes a few hundred objects, and would wait for etcd after each. */
public final class AtOnce {
    private AtOnce() {}

    /**
     * Returns when it is done with all, also where it failed with some.
     *
     * @throws RuntimeException what the first of them, in their order, failed with
     */
    public static <T> void each(Collection<T> all, Consumer<? super T> work) {
        List<Future<?>> begun = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            all.forEach(one -> begun.add(threads.submit(() -> work.accept(one))));
        }
        for (var done : begun) {
            try {
                done.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException failure
                        ? failure
                        : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }
}
