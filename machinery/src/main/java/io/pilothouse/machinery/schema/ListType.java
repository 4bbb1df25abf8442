package io.pilothouse.machinery.schema;

/** How apply merges a list (x-kubernetes-list-type). */
public enum ListType {
    ATOMIC,
    SET,
    MAP
}
