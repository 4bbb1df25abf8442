package io.pilothouse.scheduler.fit;

import java.util.List;

/**
 * What speaks against a node.
 *
 * @param reasons in upstream's words; none if it is fine
 * @param lasting whether it would be so too if other pods left the node
 */
record Verdict(List<String> reasons, boolean lasting) {
    static final Verdict FINE = new Verdict(List.of(), false);

    Verdict {
        reasons = List.copyOf(reasons);
    }

    /** Other pods that leave change nothing. */
    static Verdict lasting(String reason) {
        return new Verdict(List.of(reason), true);
    }

    /** Other pods may leave. */
    static Verdict passing(String reason) {
        return new Verdict(List.of(reason), false);
    }

    boolean fine() {
        return reasons.isEmpty();
    }
}
