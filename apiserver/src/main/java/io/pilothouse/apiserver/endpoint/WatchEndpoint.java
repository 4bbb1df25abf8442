package io.pilothouse.apiserver.endpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.registry.ListOptions;
import io.pilothouse.apiserver.registry.ObjectCache;
import io.pilothouse.apiserver.registry.WatchEvents;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** A watch: the changes of a list, as a stream of events, until the client leaves or the time is up. */
final class WatchEndpoint {
    private static final Duration SHORTEST_DEFAULT = Duration.ofMinutes(30);
    /** How long before its end, and how often, a watch that allows them gets a bookmark. */
    private static final Duration BOOKMARK_EVERY = Duration.ofMinutes(1);

    private final ObjectCache cache;
    private final RandomGenerator random;
    private final TypeSchema statusType;

    WatchEndpoint(ObjectCache cache, RandomGenerator random, TypeSchema statusType) {
        this.cache = cache;
        this.random = random;
        this.statusType = statusType;
    }

    void handle(ApiRequest request, ObjectForm form) throws IOException {
        var options = ListOptions.parse(request.query());
        FieldSelectors.check(form.definition(), options.fields());
        if (!options.continueToken().isEmpty()) {
            throw StatusException.of(422, "Invalid", "continue is not allowed on a watch");
        }
        var output = request.negotiate(form.hasProtobuf(), true);
        if (output.format() == Format.YAML) {
            throw StatusException.notAcceptable(List.of("application/json", "application/vnd.kubernetes.protobuf"));
        }
        var timeout = timeout(options);
        var deadline = request.received().plus(timeout);
        try (var events =
                WatchEvents.open(cache, form.definition(), request.info().namespace(), options)) {
            var registration = form.definition().lifetime().onEnd(events::close);
            try {
                var encoder = new WatchEncoder(request, form, output, statusType);
                if (request.exchange().wantsUpgrade("websocket")) {
                    WatchWebSocket.serve(request, events, encoder, deadline, BOOKMARK_EVERY);
                } else {
                    stream(request, events, encoder, output, deadline);
                }
            } finally {
                registration.close();
            }
        }
    }

    private Duration timeout(ListOptions options) {
        if (options.timeoutSeconds() > 0) {
            return Duration.ofSeconds(options.timeoutSeconds());
        }
        // Spread over twice the time, so that watches that began together do not end together.
        return SHORTEST_DEFAULT.plusMillis(random.nextLong(SHORTEST_DEFAULT.toMillis()));
    }

    private static void stream(
            ApiRequest request, WatchEvents events, WatchEncoder encoder, Output output, Instant deadline)
            throws IOException {
        Headers headers = request.answerHeaders(encoder.contentType(output));
        try (var stream = request.exchange().startStream(200, headers)) {
            stream.flush();
            stream.onClose(events::close);
            stream.onDrain(events::close);
            events.forEachUntil(deadline, BOOKMARK_EVERY, event -> stream.write(encoder.encode(event)));
        }
    }

    /** The object of a bookmark: its kind and revision alone. */
    static ObjectNode bookmark(ObjectForm form, long revision, boolean initialEventsEnd) {
        var object =
                JsonNodeFactory.instance.objectNode().put("kind", form.kind()).put("apiVersion", form.apiVersion());
        var metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        return object;
    }
}
