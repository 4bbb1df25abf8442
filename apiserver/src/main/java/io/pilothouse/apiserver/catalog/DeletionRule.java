package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a deletion does to an object of a kind. */
public interface DeletionRule {
    /** What comes of a deletion. */
    enum Outcome {
        /** The object can go now. */
        REMOVE,
        /** The object was changed and stays until others are done with it. */
        MARKED,
        /** The object was changed, which watchers are to see, and can go at once after that. */
        MARK_AND_REMOVE,
        /** The object was marked before and nothing is new. */
        UNCHANGED
    }

    /** Applies a deletion to the live object, which may be changed. */
    Outcome apply(ResourceDefinition definition, ObjectNode object, DeleteOptions options, WriteContext context);

    /** Whether an update is the end of an object that was marked: nobody is left to finish. */
    boolean endsWithUpdate(ObjectNode object, ObjectNode old);
}
