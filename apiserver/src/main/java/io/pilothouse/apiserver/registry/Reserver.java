package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.WriteContext;
import org.jspecify.annotations.Nullable;

/** Allocates what a kind's objects need of what is unique in the cluster: addresses, ports. Safe for use by many threads. */
public interface Reserver {
    /** A kind that needs nothing. */
    Reserver NONE = new Reserver() {
        @Override
        public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
            return () -> {};
        }

        @Override
        public void release(ObjectNode object) {}
    };

    /** What a write reserved: kept when the write was committed, else given back. */
    @FunctionalInterface
    interface Reservation {
        /** Gives the reservation back: the write did not happen. */
        void cancel();
    }

    /**
     * Reserves what an admitted object needs and writes it into the object. On a dry run nothing is kept.
     *
     * @throws io.pilothouse.machinery.status.StatusException if it is taken or there is none left
     */
    Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context);

    /** Gives back what an object held that is gone. */
    void release(ObjectNode object);

    /** Gives back what an object held before an update that was committed, and holds no more. */
    default void releaseUnneeded(ObjectNode object, ObjectNode old) {}
}
