package io.pilothouse.controllers.autoscaler;

/** Says why a metric cannot be had or calculated with, in words for conditions and events. */
final class MetricException extends Exception {
    private static final long serialVersionUID = 1L;

    MetricException(String message) {
        super(message);
    }

    /** The words. */
    String words() {
        return String.valueOf(getMessage());
    }

    /** The same, with where it happened before it. */
    MetricException at(String where) {
        return new MetricException(where + ": " + words());
    }
}
