package io.pilothouse.bench.micro;

import io.pilothouse.storage.KeyValue;
import io.pilothouse.storage.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One change through the cache to 500 subscriptions, each of which takes it; and one that concerns none of them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Watches {
    private static final int WATCHERS = 500;
    private static final String WATCHED = "/registry/pods/watched/";
    private static final byte[] VALUE = new byte[7_000];
    private final OneFeed store = new OneFeed(List.of(new KeyValue(WATCHED + "web", VALUE, 1, 1, 1, 0)));
    private final List<Subscription<byte[]>> subscriptions = new ArrayList<>();

    public Watches() {
        var cache = store.cache(KeyValue::value);
        for (int i = 0; i < WATCHERS; i++) {
            subscriptions.add(cache.watch(WATCHED, 1));
        }
    }

    /** @return how many had it */
    @Benchmark
    public int anEventTo500() throws InterruptedException {
        store.change(WATCHED + "web", VALUE);
        int delivered = 0;
        for (var subscription : subscriptions) {
            delivered += subscription.take(Duration.ZERO).size();
        }
        if (delivered != WATCHERS) {
            throw new IllegalStateException(delivered + " of " + WATCHERS + " had the event");
        }
        return delivered;
    }

    @Benchmark
    public void anEventToNone() {
        store.change("/registry/pods/other/web", VALUE);
    }
}
