package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.WatchEvents;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.http.Headers;
import io.pilothouse.http.ResponseStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.random.RandomGenerator;

/** A watch: the changes of a list, as a stream of events, until the client leaves or the time is up. */
final class WatchEndpoint {
    /** How often a watch that allows them gets a bookmark. */
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    /** Longer than any server runs, and short enough to be added to an instant. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /** Bytes of initial events that are written at one time. */
    private static final int TOGETHER = 256 * 1024;

    private final ObjectCache cache;
    private final WatchFanOut fanOut;
    private final WatchMetrics metrics;
    private final Duration shortest;
    private final RandomGenerator random;

    /** @param shortest how long a watch lasts at least where the client does not say */
    WatchEndpoint(
            ObjectCache cache, WatchFanOut fanOut, WatchMetrics metrics, Duration shortest, RandomGenerator random) {
        this.cache = cache;
        this.fanOut = fanOut;
        this.metrics = metrics;
        this.shortest = shortest;
        this.random = random;
    }

    void handle(ApiRequest request, ObjectForm form) throws IOException {
        var output = request.negotiate(form.listOffer());
        var options = FieldSelectors.resolve(form, ListOptions.parse(request.query()));
        // The old paths can name one object.
        if (request.info().parts().size() > 1) {
            options = options.ofName(request.info().name());
        }
        var timeout = timeout(options);
        var deadline = request.received().plus(timeout);
        try (var events =
                WatchEvents.open(cache, form.definition(), request.info().namespace(), options)) {
            var registration = form.definition().lifetime().onEnd(events::close);
            try {
                var encoder = WatchEncoder.of(request, form, output);
                if (output.format() == Format.YAML) {
                    throw Offer.streamRefusal();
                }
                if (request.exchange().wantsUpgrade("websocket")) {
                    WatchWebSocket.serve(
                            request, events, encoder, metrics.of(request.info()), deadline, BOOKMARK_EVERY);
                } else {
                    stream(request, events, encoder, metrics.of(request.info()), deadline);
                }
            } finally {
                registration.close();
            }
        }
    }

    private Duration timeout(ListOptions options) {
        if (options.timeoutSeconds() != 0) {
            return Duration.ofSeconds(Math.clamp(options.timeoutSeconds(), -1, LONGEST.toSeconds()));
        }
        // Spread over twice the time, so that watches that began together do not end together.
        return Duration.ofMillis((long) (shortest.toMillis() * (1 + random.nextDouble())));
    }

    private void stream(
            ApiRequest request, WatchEvents events, WatchEncoder encoder, WatchMetrics.Watch counted, Instant deadline)
            throws IOException {
        Headers headers = request.answerHeaders(encoder.contentType());
        try (var stream = request.exchange().startStream(200, headers)) {
            stream.flush();
            stream.onClose(events::close);
            stream.onDrain(events::close);
            begin(events, encoder, stream, counted);
            request.context().started();
            if (!events.goesOn()) {
                return;
            }
            if (encoder.shares()) {
                follow(events, encoder, stream, counted, deadline);
                return;
            }
            events.forEachUntil(deadline, BOOKMARK_EVERY, event -> {
                if (encoder.impossible()) {
                    events.close();
                } else {
                    send(event, encoder, stream, counted);
                }
            });
        }
    }

    private static void send(Event event, WatchEncoder encoder, ResponseStream stream, WatchMetrics.Watch counted)
            throws IOException {
        byte[][] pieces = encoder.pieces(event);
        stream.write(pieces);
        counted.sent(pieces);
    }

    /** The events of the beginning go out many at a time. */
    private static void begin(
            WatchEvents events, WatchEncoder encoder, ResponseStream stream, WatchMetrics.Watch counted)
            throws IOException {
        var gathered = new ArrayList<byte[]>();
        var size = new long[1];
        events.begin(event -> {
            if (encoder.impossible()) {
                events.close();
                return;
            }
            byte[][] pieces = encoder.pieces(event);
            counted.sent(pieces);
            for (byte[] piece : pieces) {
                gathered.add(piece);
                size[0] += piece.length;
            }
            if (size[0] >= TOGETHER) {
                stream.write(gathered.toArray(byte[][]::new));
                gathered.clear();
                size[0] = 0;
            }
        });
        stream.write(gathered.toArray(byte[][]::new));
    }

    /** Leaves the events to the fan-out; this thread wakes for bookmarks and for the end. */
    private void follow(
            WatchEvents events,
            WatchEncoder encoder,
            ResponseStream stream,
            WatchMetrics.Watch counted,
            Instant deadline)
            throws IOException {
        var watch = new LiveWatch(fanOut, events, encoder, stream, counted);
        watch.begin();
        var nextBookmark = WatchEvents.bookmarkTime(Instant.now(), BOOKMARK_EVERY, deadline);
        try {
            while (true) {
                var now = Instant.now();
                if (!now.isBefore(deadline)) {
                    return;
                }
                if (!now.isBefore(nextBookmark)) {
                    nextBookmark = WatchEvents.bookmarkTime(now, BOOKMARK_EVERY, deadline);
                    if (events.wantsBookmarks()) {
                        watch.bookmark();
                    }
                }
                var next = deadline.isBefore(nextBookmark) ? deadline : nextBookmark;
                if (watch.awaitEnd(Duration.between(now, next))) {
                    var last = events.end();
                    if (last != null) {
                        send(last, encoder, stream, counted);
                    }
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
