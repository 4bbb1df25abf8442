package io.pilothouse.controllers.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LeadershipTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private final FakeLeaseLock lock = new FakeLeaseLock();
    private final Set<String> working = ConcurrentHashMap.newKeySet();
    private final AtomicInteger most = new AtomicInteger();

    private Leadership candidate(String name) {
        var terms = new Leadership.Terms(
                "kube-system", "test", name, Duration.ofMillis(600), Duration.ofMillis(400), Duration.ofMillis(40));
        return new Leadership(lock, terms, () -> {
            working.add(name);
            most.accumulateAndGet(working.size(), Math::max);
            return () -> working.remove(name);
        });
    }

    @Test
    void oneWorksAndAnotherTakesOverWhenItCloses() {
        var one = candidate("one");
        await().atMost(PATIENCE).until(() -> working.contains("one"));
        try (var _ = candidate("two")) {
            one.close();
            assertThat(working).doesNotContain("one");
            await().atMost(PATIENCE).until(() -> working.contains("two"));
            assertThat(most).hasValue(1);
        }
        assertThat(working).isEmpty();
        assertThat(lock.get().orElseThrow().record().holder()).isEmpty();
    }

    @Test
    void oneThatCannotRenewStopsItsWorkAndComesBack() {
        try (var _ = candidate("one")) {
            await().atMost(PATIENCE).until(() -> working.contains("one"));
            lock.down(true);
            await().atMost(PATIENCE).until(working::isEmpty);
            lock.down(false);
            await().atMost(PATIENCE).until(() -> working.contains("one"));
        }
    }

    @Test
    void workThatCannotStartIsTriedAgain() {
        var tries = new AtomicInteger();
        var terms = new Leadership.Terms(
                "kube-system", "test", "one", Duration.ofMillis(600), Duration.ofMillis(400), Duration.ofMillis(40));
        try (var _ = new Leadership(lock, terms, () -> {
            if (tries.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
            }
            working.add("one");
            return () -> working.remove("one");
        })) {
            await().atMost(PATIENCE).until(() -> working.contains("one"));
        }
        assertThat(tries).hasValue(3);
    }

    @Test
    void termsThatWouldLetTwoLeadAreRefused() {
        assertThatThrownBy(() -> new Leadership.Terms(
                        "n", "l", "i", Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("renewDeadline");
    }
}
