package io.pilothouse.apiserver.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How to delete (meta/v1 DeleteOptions).
 *
 * @param gracePeriodSeconds null: as the kind has it
 * @param propagation Orphan, Background, Foreground, or null: as the object's finalizers and the kind have it
 * @param orphanDependents the older form of propagation, or null
 * @param uid what the object's uid must be, or null
 * @param resourceVersion what the object's revision must be, or null
 */
public record DeleteOptions(
        @Nullable Long gracePeriodSeconds,
        @Nullable String propagation,
        @Nullable Boolean orphanDependents,
        @Nullable String uid,
        @Nullable String resourceVersion,
        boolean dryRun) {
    public static final DeleteOptions DEFAULT = new DeleteOptions(null, null, null, null, null, false);
}
