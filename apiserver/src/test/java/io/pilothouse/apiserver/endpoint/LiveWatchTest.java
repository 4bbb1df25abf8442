package io.pilothouse.apiserver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Watches in the fan-out, whose rounds the test runs. */
class LiveWatchTest {
    private static final ServedVersion VERSION =
            ServedVersion.same(new GroupVersionKind("", "v1", "ConfigMap"), TypeSchema.any());
    private static final WatchMetrics.Watch COUNTED = new WatchMetrics(new Metrics())
            .of(RequestInfo.parse("GET", "/api/v1/configmaps", Query.parse("watch=true")));

    private final WatchFanOut fanOut = new WatchFanOut();
    private final List<String> encoded = new ArrayList<>();

    /** Shows an object by its name; some cannot be shown. */
    private final class NameEncoder implements SharedFrames.Encoder {
        private final SharedFrames.Kind kind;

        NameEncoder(String partial) {
            kind = new SharedFrames.Kind(VERSION, Format.JSON, partial);
        }

        @Override
        public SharedFrames.Kind kind() {
            return kind;
        }

        @Override
        public byte[][] pieces(Event event) {
            String shown =
                    event instanceof Event.Change(var type, var object) ? type + " " + object.name() : "BOOKMARK";
            switch (shown) {
                case "ADDED faulty" -> throw new IllegalStateException("a fault");
                case "ADDED foreign" -> throw StatusException.internalError("of a version that is not there any more");
                default -> encoded.add(shown);
            }
            return new byte[][] {shown.getBytes(StandardCharsets.UTF_8)};
        }
    }

    /** A watch with what is at its ends. */
    private final class Watched {
        final FakeQueue events = new FakeQueue();
        final RecordingStream stream = new RecordingStream();
        final LiveWatch watch;

        Watched(String partial) {
            watch = new LiveWatch(fanOut, events, new NameEncoder(partial), stream, COUNTED);
            watch.begin();
            fanOut.round();
        }

        boolean over() throws InterruptedException {
            return watch.awaitEnd(Duration.ZERO);
        }
    }

    private static Event.Change added(String name) {
        var object = JsonNodeFactory.instance.objectNode().put("apiVersion", "v1");
        object.putObject("metadata").put("name", name);
        return new Event.Change("ADDED", StoredObject.of(object, 5, Optional.empty()));
    }

    @Test
    void breaksOffWhatCannotBeToldOfAnEventAndTellsTheOthers() throws Exception {
        var first = new Watched("");
        var broken = new Watched("");
        var last = new Watched("");
        var good = added("good");
        first.events.add(good);
        broken.events.add(added("faulty"));
        last.events.add(good);
        fanOut.round();

        assertThat(broken.stream.aborted).isTrue();
        assertThat(broken.over()).isTrue();
        assertThat(broken.stream.sent).isEmpty();
        for (var other : List.of(first, last)) {
            assertThat(other.stream.sent).hasSize(1);
            assertThat(other.stream.aborted).isFalse();
            assertThat(other.over()).isFalse();
        }

        // It is told no more, and the others are.
        first.stream.written();
        broken.events.add(good);
        first.events.add(good);
        broken.watch.queued();
        fanOut.round();
        assertThat(broken.stream.sent).isEmpty();
        assertThat(first.stream.sent).hasSize(2);
    }

    @Test
    void endsInOrderAtAnObjectThatCannotBeShown() throws Exception {
        var watched = new Watched("");
        watched.events.add(added("foreign"));
        fanOut.round();

        assertThat(watched.over()).isTrue();
        assertThat(watched.stream.aborted).isFalse();
        assertThat(watched.stream.sent).isEmpty();
    }

    @Test
    void tellsWhatCameBeforeSuchAnObject() throws Exception {
        var watched = new Watched("");
        for (String name : List.of("a", "b", "foreign", "c")) {
            watched.events.add(added(name));
        }
        fanOut.round();
        assertThat(encoded).containsExactly("ADDED a", "ADDED b");
        assertThat(watched.stream.sent)
                .singleElement()
                .satisfies(frames -> assertThat(frames).hasSize(2));
        assertThat(watched.over()).as("two are on their way").isFalse();

        watched.watch.bookmark();
        fanOut.round();
        watched.stream.written();
        fanOut.round();
        assertThat(watched.over()).isTrue();
        assertThat(watched.stream.aborted).isFalse();
        assertThat(watched.stream.sent)
                .as("no bookmark behind what it was not told")
                .hasSize(1);
    }

    @Test
    void takesTheNextEventsWhenTheLastAreWritten() throws Exception {
        var watched = new Watched("");
        for (int i = 0; i < 20; i++) {
            watched.events.add(added("n" + i));
        }
        fanOut.round();
        assertThat(watched.stream.sent)
                .singleElement()
                .satisfies(frames -> assertThat(frames).hasSize(16));

        watched.watch.queued();
        fanOut.round();
        assertThat(watched.stream.sent)
                .as("the client has not taken the last ones")
                .hasSize(1);

        watched.stream.written();
        fanOut.round();
        assertThat(watched.stream.sent).hasSize(2);
        assertThat(watched.stream.sent.getLast()).hasSize(4);
        assertThat(encoded).hasSize(20).first().isEqualTo("ADDED n0");

        watched.events.end();
        fanOut.round();
        assertThat(watched.over()).as("four of them are on their way").isFalse();
        watched.stream.written();
        fanOut.round();
        assertThat(watched.over()).isTrue();
    }

    @Test
    void waitsToBeToldOnceAllIsWritten() {
        var watched = new Watched("");
        watched.events.add(added("a"));
        fanOut.round();
        watched.stream.written();
        fanOut.round();
        assertThat(watched.stream.sent).hasSize(1);

        watched.events.add(added("b"));
        watched.watch.bookmark();
        fanOut.round();
        assertThat(encoded).containsExactly("ADDED a", "ADDED b", "BOOKMARK");
    }

    @Test
    void encodesAnEventOnceForAllOfAKind() {
        var event = added("a");
        var kinds = new ArrayList<Watched>();
        for (String partial : List.of("", "v1", "v1beta1", "", "v1", "v1beta1")) {
            kinds.add(new Watched(partial));
        }
        kinds.forEach(watched -> watched.events.add(event));
        fanOut.round();

        assertThat(encoded).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(kinds.get(i).stream.sent).isEqualTo(kinds.get(i + 3).stream.sent);
        }
        assertThat(kinds.get(1).stream.sent).isNotEqualTo(kinds.get(2).stream.sent);
    }

    @Test
    void isOverWhenItsEventsAre() throws Exception {
        var watched = new Watched("");
        assertThat(watched.over()).isFalse();
        watched.events.end();
        fanOut.round();
        assertThat(watched.over()).isTrue();
        assertThat(encoded).isEmpty();
    }
}
