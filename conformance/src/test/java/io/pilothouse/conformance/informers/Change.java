package io.pilothouse.conformance.informers;

/**
 * What happened to an object.
 *
 * @param key namespace and name
 * @param revision at which it happened
 */
record Change(Type type, String key, long revision) {
    enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }
}
