package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventHistoryTest {
    static final long SECOND = Duration.ofSeconds(1).toNanos();
    static final String PODS = "/registry/pods/";
    static final String NODES = "/registry/nodes/";

    /** Keeps 200 events a group for ten seconds, two of them for longer. */
    final EventHistory<String> history = new EventHistory<>("/registry/", 200, Duration.ofSeconds(10));

    static CacheEvent<String> event(String key, long revision) {
        var entry = new CacheEntry<>(new KeyValue(key, new byte[0], 1, revision, 1, 0), stored -> "", List.of());
        return new CacheEvent<>(CacheEvent.Type.UPDATED, revision, entry, Optional.of(entry));
    }

    void add(String key, long revision, long seconds) {
        history.add(event(key, revision), seconds * SECOND);
    }

    List<Long> after(String keyPrefix, long revision) {
        return history.after(keyPrefix, revision, event -> event.key().startsWith(keyPrefix)).stream()
                .map(CacheEvent::revision)
                .toList();
    }

    void assertGone(String keyPrefix, long revision) {
        assertThatThrownBy(() -> after(keyPrefix, revision)).isInstanceOf(StorageException.Compacted.class);
    }

    @Test
    void letsEventsGoByAgeButForTheLastFew() {
        history.reset(10);
        for (int i = 1; i <= 6; i++) {
            add(PODS + "a", 10 + i, i);
        }
        history.expire(12 * SECOND);
        assertThat(after(PODS, 11)).containsExactly(12L, 13L, 14L, 15L, 16L);
        assertGone(PODS, 10);
        history.expire(1000 * SECOND);
        assertThat(after(PODS, 14)).containsExactly(15L, 16L);
        assertGone(PODS, 13);
        assertThat(after(NODES, 10)).isEmpty();
    }

    @Test
    void fillsAGapOfOneGroup() {
        history.reset(10);
        for (int i = 1; i <= 4; i++) {
            add(PODS + "a", 10 + i, i);
            add(NODES + "n", 20 + i, i);
        }
        history.expire(1000 * SECOND);
        var gap = history.gap(PODS, 11).orElseThrow();
        assertThat(gap).isEqualTo(new EventHistory.Gap(PODS, 12));
        history.prepend(List.of(event(PODS + "a", 12)), 11, gap, 1000 * SECOND);
        assertThat(after(PODS, 11)).containsExactly(12L, 13L, 14L);
        assertThat(history.gap(PODS, 11)).isEmpty();
        assertGone(PODS, 10);
        assertGone(NODES, 21);
        history.expire(1011 * SECOND);
        assertGone(PODS, 11);
    }

    @Test
    void fillsAGapFromBeforeItBegan() {
        history.reset(10);
        add(PODS + "a", 11, 1);
        var gap = history.gap(PODS, 5).orElseThrow();
        assertThat(gap).isEqualTo(new EventHistory.Gap("/registry/", 10));
        history.prepend(List.of(event(NODES + "n", 8), event(PODS + "a", 10)), 5, gap, SECOND);
        assertThat(after(PODS, 5)).containsExactly(10L, 11L);
        assertThat(after(NODES, 5)).containsExactly(8L);
        assertGone("/registry/leases/", 4);
    }

    @Test
    void leavesGroupsOutThatHaveAnotherGapAfterThisOne() {
        history.reset(10);
        for (int i = 1; i <= 5; i++) {
            add(NODES + "n", 10 + i, i);
        }
        history.expire(1000 * SECOND);
        add(PODS + "a", 16, 1000);
        var gap = history.gap(PODS, 5);
        assertThat(gap).contains(new EventHistory.Gap("/registry/", 10));
        history.prepend(List.of(event(NODES + "n", 7), event(PODS + "a", 8)), 5, gap.orElseThrow(), 1000 * SECOND);
        assertThat(after(PODS, 5)).containsExactly(8L, 16L);
        assertGone(NODES, 5);
        assertThat(history.gap(NODES, 5)).contains(new EventHistory.Gap(NODES, 13));
    }

    @Test
    void doesNotDoubleTheEventsOfARevision() {
        history.reset(10);
        add(PODS + "a", 11, 1);
        add(PODS + "b", 11, 11);
        add(PODS + "c", 11, 11);
        add(PODS + "a", 12, 12);
        history.expire(12 * SECOND);
        var gap = history.gap(PODS, 10).orElseThrow();
        history.prepend(
                List.of(event(PODS + "a", 11), event(PODS + "b", 11), event(PODS + "c", 11)), 10, gap, 12 * SECOND);
        assertThat(after(PODS, 10)).containsExactly(11L, 11L, 11L, 12L);
    }

    @Test
    void keepsNoMoreOfAGapThanItMay() {
        history.reset(10);
        for (int i = 1; i <= 250; i++) {
            add(PODS + "a", 10 + i, 1);
        }
        assertGone(PODS, 59);
        assertThat(after(PODS, 60)).hasSize(200);
        assertThat(history.room(PODS)).isZero();
        assertThat(history.room(NODES)).isEqualTo(200);
        var gap = history.gap(PODS, 58).orElseThrow();
        history.prepend(List.of(event(PODS + "a", 59), event(PODS + "a", 60)), 58, gap, SECOND);
        assertGone(PODS, 59);
        assertThat(after(PODS, 60)).hasSize(200);
    }
}
