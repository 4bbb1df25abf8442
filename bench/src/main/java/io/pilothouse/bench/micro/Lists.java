package io.pilothouse.bench.micro;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.Lister;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.ObjectCodec;
import io.pilothouse.apiserver.registry.PastStates;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.storage.KeyValue;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Lists of 10,000 pods that the cache holds ready, put together as they are before they are sent. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Lists {
    private static final int PODS = 10_000;
    private final ResourceDefinition pods;
    private final Lister lister;
    private final ListOptions all = ListOptions.parse(Query.parse("resourceVersion=0"));
    private final ListOptions page = ListOptions.parse(Query.parse("limit=500"));
    private final ListOptions none = ListOptions.parse(Query.parse("resourceVersion=0&labelSelector=app%3Dnone"));

    public Lists() {
        var sample = new Sample();
        var codec = new ObjectCodec(sample.catalog());
        pods = sample.pods();
        var stored = new ArrayList<KeyValue>();
        for (int i = 0; i < PODS; i++) {
            var name = String.format(Locale.ROOT, "web-%05d", i);
            stored.add(new KeyValue(pods.key("bench", name), codec.encode(pods, sample.pod(name)), i + 1, i + 1, 1, 0));
        }
        var store = new OneFeed(stored);
        lister = new Lister(new ObjectCache(store.cache(codec::decode), new PastStates(store, codec::decode)));
        if (all().items().size() != PODS || !none().items().isEmpty()) {
            throw new IllegalStateException("the cache does not hold what it should");
        }
    }

    @Benchmark
    public Lister.Page all() {
        return lister.list(pods, "", all);
    }

    @Benchmark
    public Lister.Page pageOf500() {
        return lister.list(pods, "", page);
    }

    /** A label selector that no pod matches. */
    @Benchmark
    public Lister.Page none() {
        return lister.list(pods, "", none);
    }
}
