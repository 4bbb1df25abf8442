package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.WatchEvents;
import io.pilothouse.http.Headers;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/** A watch: the changes of a list, as a stream of events, until the client leaves or the time is up. */
final class WatchEndpoint {
    /** How often a watch that allows them gets a bookmark. */
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    /** Longer than any server runs, and short enough to be added to an instant. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private final ObjectCache cache;
    private final WatchMetrics metrics;
    private final Duration shortest;
    private final RandomGenerator random;

    /** @param shortest how long a watch lasts at least where the client does not say */
    WatchEndpoint(ObjectCache cache, WatchMetrics metrics, Duration shortest, RandomGenerator random) {
        this.cache = cache;
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
            events.onCaughtUp(request.context()::started);
            var registration = form.definition().lifetime().onEnd(events::close);
            try {
                var encoder = new WatchEncoder(request, form, output);
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

    private static void stream(
            ApiRequest request, WatchEvents events, WatchEncoder encoder, WatchMetrics.Watch counted, Instant deadline)
            throws IOException {
        Headers headers = request.answerHeaders(encoder.contentType());
        try (var stream = request.exchange().startStream(200, headers)) {
            stream.flush();
            stream.onClose(events::close);
            stream.onDrain(events::close);
            events.forEachUntil(deadline, BOOKMARK_EVERY, event -> {
                if (encoder.impossible()) {
                    events.close();
                } else if (encoder.text()) {
                    byte[][] line = encoder.json(event);
                    stream.write(line);
                    counted.sent(line);
                } else {
                    byte[][] frame = encoder.frame(event);
                    stream.write(frame);
                    counted.sent(frame);
                }
            });
        }
    }
}
