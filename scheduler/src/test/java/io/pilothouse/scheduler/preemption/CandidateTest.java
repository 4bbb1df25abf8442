package io.pilothouse.scheduler.preemption;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CandidateTest {
    private static PodInfo pod(int priority, String start) {
        return PodInfo.of(new PodBuilder()
                .withNewMetadata()
                .withName("p")
                .withNamespace("ns")
                .withUid("u-" + priority + start)
                .endMetadata()
                .withNewSpec()
                .withPriority(priority)
                .endSpec()
                .withNewStatus()
                .withStartTime("2026-01-01T00:00:0" + start + "Z")
                .endStatus()
                .build());
    }

    @Test
    void whatIsLostLeastIsBest() {
        var protectedOne = new Candidate("protected", List.of(pod(-5, "1")), 1);
        var important = new Candidate("important", List.of(pod(9, "1")), 0);
        var two = new Candidate("two", List.of(pod(5, "1"), pod(-2, "1")), 0);
        var early = new Candidate("early", List.of(pod(5, "1")), 0);
        var late = new Candidate("late", List.of(pod(5, "3")), 0);
        assertThat(Stream.of(protectedOne, important, two, early, late)
                        .sorted(Candidate.BEST_FIRST)
                        .map(Candidate::node))
                .containsExactly("late", "early", "two", "important", "protected");
    }
}
