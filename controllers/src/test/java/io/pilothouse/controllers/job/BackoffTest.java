package io.pilothouse.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static Pod ended(int second) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, creationTimestamp: "2025-01-01T00:00:00Z"}
                spec: {}
                status: {containerStatuses: [{name: c, state: {terminated: {exitCode: 1, finishedAt: "%s"}}}]}
                """.formatted(START.plusSeconds(second)), Pod.class);
    }

    @Test
    void doublesFromTenSecondsToTenMinutes() {
        assertThat(List.of(0, 1, 2, 3, 7, 60))
                .map(failures -> new Backoff(failures, START).remaining(START).toSeconds())
                .containsExactly(0L, 10L, 20L, 40L, 600L, 600L);
        assertThat(new Backoff(1, START).remaining(START.plusSeconds(4))).isEqualTo(Duration.ofSeconds(6));
        assertThat(new Backoff(1, START).remaining(START.plusSeconds(11))).isZero();
    }

    @Test
    void countsFailuresSinceTheLastSuccess() {
        var twice = Backoff.NONE.after(List.of(), List.of(ended(2), ended(1)));
        assertThat(twice).isEqualTo(new Backoff(2, START.plusSeconds(2)));
        assertThat(twice.after(List.of(), List.of())).isEqualTo(twice);
        assertThat(twice.after(List.of(), List.of(ended(5)))).isEqualTo(new Backoff(3, START.plusSeconds(5)));
        assertThat(twice.after(List.of(ended(6)), List.of(ended(5)))).isEqualTo(Backoff.NONE);
        assertThat(twice.after(List.of(ended(6)), List.of(ended(5), ended(7))))
                .isEqualTo(new Backoff(1, START.plusSeconds(7)));
    }

    @Test
    void tellsWhenAPodEnded() {
        assertThat(JobPods.finishedAt(ended(3))).isEqualTo(START.plusSeconds(3));
        var deleted = Serialization.unmarshal("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, creationTimestamp: "2025-01-01T00:00:00Z", deletionTimestamp: "2026-01-01T00:00:30Z", deletionGracePeriodSeconds: 30}
                spec: {}
                """, Pod.class);
        assertThat(JobPods.finishedAt(deleted)).isEqualTo(START);
    }
}
