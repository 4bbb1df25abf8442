package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.apiserver.server.Timeline.Event;
import io.pilothouse.apiserver.server.Timeline.Listed;
import io.pilothouse.apiserver.server.Timeline.Scope;
import io.pilothouse.apiserver.server.Timeline.Stored;
import io.pilothouse.apiserver.server.Timeline.Version;
import io.pilothouse.apiserver.server.Timeline.Watched;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the test of consistency would find what it looks for. */
class TimelineTest {
    private static final Version A1 = new Version(1, "c/a", "n1", "even");
    private static final Version B2 = new Version(2, "c/b", "n2", "odd");
    private static final Version A3 = new Version(3, "c/a", "n3", "odd");
    private static final Version A4 = new Version(4, "c/a", "n3", "odd");
    private static final Scope ALL = new Scope("", "");
    private static final Scope ODD = new Scope("c", "odd");
    private static final List<Event> EVENTS =
            List.of(new Event("ADDED", B2), new Event("MODIFIED", A3), new Event("DELETED", A4));

    private final Timeline timeline = new Timeline();

    @BeforeEach
    void happen() {
        for (Version version : List.of(A1, B2, A3)) {
            timeline.acknowledge(version);
            timeline.store(new Stored(version.revision(), version.key(), false));
        }
        timeline.store(new Stored(4, "c/a", true));
    }

    private void lists(Scope scope, long revision, Version... items) {
        timeline.note(new Listed("list", scope, revision, 0, List.of(items)));
    }

    private void watches(Scope scope, List<Event> events) {
        timeline.note(new Watched("watch", scope, 1, 4, events));
    }

    @Test
    void takesWhatIsRight() {
        lists(ALL, 3, A3, B2);
        lists(ALL, 2, A1, B2);
        lists(ODD, 2, B2);
        lists(ALL, 9, B2);
        watches(ALL, EVENTS);
        watches(ODD, List.of(new Event("ADDED", B2), new Event("ADDED", A3), new Event("DELETED", A4)));
        assertThat(timeline.contradictions()).isEmpty();
    }

    @Test
    void findsListsThatAreNoState() {
        lists(ALL, 3, B2);
        lists(ALL, 3, A1, B2);
        lists(ALL, 3, B2, A3);
        lists(ALL, 4, A3, B2);
        lists(ODD, 1, A1);
        timeline.note(new Listed("list", ALL, 2, 3, List.of(A1, B2)));
        assertThat(timeline.contradictions()).hasSize(6);
    }

    @Test
    void findsWatchesThatAreNotWhole() {
        watches(ALL, EVENTS.subList(1, 3));
        var doubled = new ArrayList<>(EVENTS);
        doubled.add(EVENTS.getLast());
        watches(ALL, doubled);
        var reordered = new ArrayList<>(EVENTS);
        Collections.swap(reordered, 0, 1);
        watches(ALL, reordered);
        assertThat(timeline.contradictions()).hasSize(3);
    }

    @Test
    void findsWritesThatEtcdHasNot() {
        timeline.acknowledge(new Version(7, "c/c", "n4", "odd"));
        assertThat(timeline.contradictions()).singleElement().asString().contains("not in etcd");
    }
}
