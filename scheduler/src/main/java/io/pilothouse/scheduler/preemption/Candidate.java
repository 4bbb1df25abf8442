package io.pilothouse.scheduler.preemption;

import io.pilothouse.scheduler.cluster.PodInfo;
import java.util.Comparator;
import java.util.List;

/**
 * A node on which others can make room.
 *
 * @param victims those that would have to go, the most important first; at least one
 * @param violations how many of them disruption budgets protect
 */
public record Candidate(String node, List<PodInfo> victims, int violations) {
    /** The better first: what is lost there is less. */
    static final Comparator<Candidate> BEST_FIRST = Comparator.comparingInt(Candidate::violations)
            .thenComparingInt(candidate -> candidate.victims().getFirst().priority())
            .thenComparingLong(Candidate::sum)
            .thenComparingInt(candidate -> candidate.victims().size())
            .thenComparing(Candidate::earliestStart, Comparator.reverseOrder());

    public Candidate {
        victims = List.copyOf(victims);
        if (victims.isEmpty()) {
            throw new IllegalArgumentException("nobody has to go");
        }
    }

    /** Each counts, also one of negative priority. */
    private long sum() {
        return victims.stream()
                .mapToLong(victim -> victim.priority() + (long) Integer.MAX_VALUE + 1)
                .sum();
    }

    /** When the first of the most important ones started. */
    private String earliestStart() {
        int highest = victims.getFirst().priority();
        return victims.stream()
                .filter(victim -> victim.priority() == highest)
                .map(Victims::start)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
