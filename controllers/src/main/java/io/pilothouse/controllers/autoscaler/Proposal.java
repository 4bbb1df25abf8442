package io.pilothouse.controllers.autoscaler;

import io.fabric8.kubernetes.api.model.autoscaling.v2.MetricStatus;

/**
 * How many replicas a metric calls for.
 *
 * @param metric what events call it
 * @param status its value, for the autoscaler's status
 */
record Proposal(int replicas, String metric, MetricStatus status) {
    /** Says that a metric proposes nothing: why, for the event and condition, and the longer words for the whole round. */
    static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;
        private final String cause;

        Failure(String reason, String cause, String whole) {
            super(whole);
            this.reason = reason;
            this.cause = cause;
        }

        String reason() {
            return reason;
        }

        String why() {
            return cause;
        }

        String whole() {
            return String.valueOf(getMessage());
        }
    }
}
