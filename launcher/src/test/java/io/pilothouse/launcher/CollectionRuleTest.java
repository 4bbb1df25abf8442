package io.pilothouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.launcher.CollectionRule.Heap;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CollectionRuleTest {
    private static final long MIB = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(6);
    private static final Duration SHORT = Duration.ofMillis(50);

    @Test
    void aBusyHeapIsCollectedWhenItHasGrownByHalf() {
        assertThat(CollectionRule.due(busy(149 * MIB, 100 * MIB, SOON, SHORT))).isFalse();
        assertThat(CollectionRule.due(busy(151 * MIB, 100 * MIB, SOON, SHORT))).isTrue();
    }

    @Test
    void aSmallOneMayGrowByMore() {
        assertThat(CollectionRule.due(busy(41 * MIB, 10 * MIB, SOON, SHORT))).isFalse();
        assertThat(CollectionRule.due(busy(43 * MIB, 10 * MIB, SOON, SHORT))).isTrue();
    }

    @Test
    void longPausesAreTakenLessOften() {
        var pause = Duration.ofSeconds(1);
        assertThat(CollectionRule.due(busy(900 * MIB, 500 * MIB, Duration.ofSeconds(29), pause)))
                .isFalse();
        assertThat(CollectionRule.due(busy(900 * MIB, 500 * MIB, Duration.ofSeconds(30), pause)))
                .isTrue();
        assertThat(CollectionRule.due(quiet(1, Duration.ofSeconds(499), pause))).isFalse();
        assertThat(CollectionRule.due(quiet(1, Duration.ofSeconds(500), pause))).isTrue();
    }

    @Test
    void aQuietOneIsCollectedOnceAMinuteIfAnythingHappened() {
        assertThat(CollectionRule.due(quiet(1, Duration.ofSeconds(59), SHORT))).isFalse();
        assertThat(CollectionRule.due(quiet(1, Duration.ofSeconds(60), SHORT))).isTrue();
        assertThat(CollectionRule.due(quiet(0, Duration.ofHours(1), SHORT))).isFalse();
    }

    @Test
    void whatAStartLeavesBehindGoesSoon() {
        assertThat(CollectionRule.due(new Heap(20 * MIB, 0, 1, 30, Duration.ofSeconds(9), Duration.ZERO)))
                .isFalse();
        assertThat(CollectionRule.due(new Heap(20 * MIB, 0, 1, 30, Duration.ofSeconds(10), Duration.ZERO)))
                .isTrue();
    }

    private static Heap busy(long used, long live, Duration sinceFull, Duration pause) {
        return new Heap(used, live, 40, 40, sinceFull, pause);
    }

    private static Heap quiet(long youngSinceFull, Duration sinceFull, Duration pause) {
        return new Heap(21 * MIB, 20 * MIB, 0, youngSinceFull, sinceFull, pause);
    }
}
