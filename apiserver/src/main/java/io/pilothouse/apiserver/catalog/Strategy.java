package io.pilothouse.apiserver.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a resource does to its objects on their way in. All methods see objects in the storage version, but for {@link
 * #defaults}. The registry has already set what holds for every kind (metadata, generation, status kept or wiped); a
 * strategy adds what is the kind's own. Implementations hold no state and may be called by many threads.
 */
public interface Strategy {
    /** The strategy of a kind with no rules of its own. */
    Strategy NONE = new Strategy() {};

    /** Fills what the client left out. Called on every write and on every object read from older storage. */
    default void defaults(ObjectNode object) {}

    /** Fills what objects lack that were stored by older versions, on every object read; after {@link #defaults}. */
    default void onRead(ObjectNode object) {}

    /** Changes a new object before validation. */
    default void prepareForCreate(ObjectNode object, WriteContext context) {}

    /** All that is wrong with a new object, in upstream's order and words. */
    default List<FieldError> validate(ObjectNode object, WriteContext context) {
        return List.of();
    }

    /** Changes an updated object before validation. */
    default void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {}

    /** All that is wrong with a change. */
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
        return validate(object, context);
    }

    /** Whether a change through this strategy can make a new generation of an object. */
    default boolean countsGenerations() {
        return true;
    }

    /** Texts for Warning headers. */
    default List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return List.of();
    }

    /** Whether somebody (a kubelet) finishes a deletion, so that an object is first marked, for as long as {@link #gracePeriodSeconds} says. */
    default boolean deletesGracefully() {
        return false;
    }

    /**
     * How long a deletion may take before the object goes; asked only of a kind that {@link #deletesGracefully}.
     *
     * @param requestedSeconds what the client asked for, or null
     * @return 0: gone at once; more: marked, and removed by whoever finishes it (a kubelet)
     */
    default long gracePeriodSeconds(ObjectNode object, @Nullable Long requestedSeconds) {
        return 0;
    }
}
