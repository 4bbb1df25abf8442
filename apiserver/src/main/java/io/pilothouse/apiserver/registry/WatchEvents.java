package io.pilothouse.apiserver.registry;

import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.machinery.status.Status;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one watch, as its client is to see them: filtered by its selectors, with bookmarks if it wants them. One
 * reader; {@link #close} from any thread.
 */
public final class WatchEvents implements EventQueue, AutoCloseable {
    /** What a client is told. */
    public sealed interface Event {
        /** An object came, changed or went; one that went is as it last was, at the revision at which it went. */
        record Change(String type, StoredObject object) implements Event {}

        /** All before this revision has been told. */
        record Bookmark(long revision, boolean initialEventsEnd) implements Event {}

        /** The watch is over. */
        record Failure(Status status) implements Event {}
    }

    /** Takes events. */
    @FunctionalInterface
    public interface Sink {
        void accept(Event event) throws IOException;
    }

    private static final Duration BEFORE_END = Duration.ofSeconds(2);

    private final ResourceDefinition definition;
    private final ListOptions options;
    private final boolean everything;
    private final List<StoredObject> initial;
    private final long startRevision;
    private final ObjectCache.@Nullable Subscriber subscription;
    private final boolean markInitialEnd;
    private final @Nullable Status failure;

    private WatchEvents(
            ResourceDefinition definition,
            ListOptions options,
            List<StoredObject> initial,
            long startRevision,
            ObjectCache.@Nullable Subscriber subscription,
            boolean markInitialEnd,
            @Nullable Status failure) {
        this.definition = definition;
        this.options = options;
        this.everything = options.selectsAll();
        this.initial = initial;
        this.startRevision = startRevision;
        this.subscription = subscription;
        this.markInitialEnd = markInitialEnd;
        this.failure = failure;
    }

    /** Starts to collect events of a resource in a namespace (empty: all). A revision that is too old ends in a Failure event. */
    public static WatchEvents open(
            ObjectCache cache, ResourceDefinition definition, String namespace, ListOptions options) {
        String prefix = options.onlyKey(definition, namespace).orElse(definition.namespaceKey(namespace));
        String version = options.resourceVersion();
        long from = version.isEmpty() ? 0 : Lister.parse(version, true);
        boolean wantsState = options.sendInitialEvents() || (from == 0 && !options.sendInitialEventsDeclined());
        try {
            if (wantsState) {
                var snapshot = version.isEmpty() ? cache.consistent() : cache.notOlderThan(from);
                var objects = new ArrayList<StoredObject>();
                snapshot.narrowed(definition, options).forEach(prefix, o -> {
                    if (options.selects(o, definition)) {
                        objects.add(o);
                    }
                });
                var subscription = subscribe(cache, definition, options, prefix, snapshot.revision());
                return new WatchEvents(
                        definition,
                        options,
                        objects,
                        snapshot.revision(),
                        subscription,
                        options.sendInitialEvents() && options.allowBookmarks(),
                        null);
            }
            long start = from == 0 ? cache.consistent().revision() : from;
            var subscription = subscribe(cache, definition, options, prefix, start);
            return new WatchEvents(definition, options, List.of(), start, subscription, false, null);
        } catch (StatusException tooOld) {
            if (tooOld.code() != 410) {
                throw tooOld;
            }
            return new WatchEvents(definition, options, List.of(), from, null, false, tooOld.status());
        }
    }

    /** As narrowly as can be: a kubelet's watch of its own pods is not woken by those of others. */
    private static ObjectCache.Subscriber subscribe(
            ObjectCache cache, ResourceDefinition definition, ListOptions options, String keyOrPrefix, long from) {
        return options.indexedTerm(definition)
                .map(term -> cache.subscribe(keyOrPrefix, from, term.field(), term.value()))
                .orElseGet(() -> cache.subscribe(keyOrPrefix, from));
    }

    /** Hands over what the watch begins with. */
    public void begin(Sink sink) throws IOException {
        for (var object : initial) {
            sink.accept(new Event.Change("ADDED", object));
        }
        if (markInitialEnd) {
            sink.accept(new Event.Bookmark(startRevision, true));
        }
        if (failure != null) {
            sink.accept(new Event.Failure(failure));
        }
    }

    /** Whether anything comes after the beginning. */
    public boolean goesOn() {
        return subscription != null;
    }

    private ObjectCache.Subscriber source() {
        if (subscription == null) {
            throw new IllegalStateException("nothing comes after the beginning");
        }
        return subscription;
    }

    /**
     * Hands over events, after the beginning, until the deadline, the end of the source or {@link #close}.
     *
     * @param bookmarkEvery how often a client that allows bookmarks gets one
     */
    public void forEachUntil(Instant deadline, Duration bookmarkEvery, Sink sink) throws IOException {
        var source = source();
        var nextBookmark = bookmarkTime(Instant.now(), bookmarkEvery, deadline);
        while (true) {
            var now = Instant.now();
            if (!now.isBefore(deadline)) {
                return;
            }
            // Whatever else there is to tell: a client whose selector fits nothing of it learns only so how far it is.
            if (!now.isBefore(nextBookmark)) {
                nextBookmark = bookmarkTime(now, bookmarkEvery, deadline);
                if (wantsBookmarks()) {
                    sink.accept(bookmark());
                }
            }
            var change = source.next(Duration.between(now, deadline.isBefore(nextBookmark) ? deadline : nextBookmark));
            if (change != null) {
                var event = event(change);
                if (event != null) {
                    sink.accept(event);
                }
            } else if (source.ended()) {
                var last = end();
                if (last != null) {
                    sink.accept(last);
                }
                return;
            }
        }
    }

    @Override
    public void listen(Subscription.Listener listener) {
        source().listen(listener);
    }

    @Override
    public List<Event> poll(int most) {
        var events = new ArrayList<Event>(1);
        boolean any;
        do {
            any = source().poll(most, change -> {
                var event = event(change);
                if (event != null) {
                    events.add(event);
                }
            });
        } while (events.isEmpty() && any);
        return events;
    }

    @Override
    public boolean rearm() {
        return source().rearm();
    }

    @Override
    public boolean ended() {
        return source().ended();
    }

    /** What the client is told at the end; null where there is nothing to tell. */
    public @Nullable Event end() {
        var reason = source().failure();
        return reason == null ? null : new Event.Failure(reason);
    }

    public boolean wantsBookmarks() {
        return options.allowBookmarks();
    }

    @Override
    public Event bookmark() {
        return new Event.Bookmark(source().reached(), false);
    }

    /** When the next bookmark is due: after the interval, or shortly before the end, so that the client can go on from close by. */
    public static Instant bookmarkTime(Instant now, Duration every, Instant deadline) {
        var regular = now.plus(every);
        var last = deadline.minus(BEFORE_END);
        var next = last.isBefore(regular) ? last : regular;
        return next.isAfter(now) ? next : Instant.MAX;
    }

    /** A change as the client is to see it; null when it is none of the client's. */
    private @Nullable Event event(ObjectCache.Change change) {
        var before = change.before();
        var after = change.after();
        boolean was = before != null && (everything || options.selects(before, definition));
        boolean is = after != null && (everything || options.selects(after, definition));
        if (is && after != null) {
            return new Event.Change(was ? "MODIFIED" : "ADDED", after);
        }
        return was && before != null ? new Event.Change("DELETED", before.atRevision(change.revision())) : null;
    }

    @Override
    public void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
