package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Turns objects of a custom resource into another version. Safe for use by many threads. */
@FunctionalInterface
interface Conversion {
    /**
     * The object in another version; the argument may be changed.
     *
     * @throws io.pilothouse.machinery.status.StatusException if it cannot be converted
     */
    ObjectNode convert(ObjectNode object, String from, String to);

    /** Whether another server is asked to convert. */
    default boolean remote() {
        return false;
    }
}
