package io.pilothouse.controllers.disruption;

import java.util.Set;

/**
 * What a budget asks for.
 *
 * @param expected how many pods there should be
 * @param desired how many of them must be healthy
 * @param unmanaged the pods that no controller owns, where their controllers' sizes count
 */
record Calculation(int expected, int desired, Set<String> unmanaged) {
    /** Says why a budget cannot be calculated, in words for its condition. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            super(message);
        }
    }
}
