package io.pilothouse.apiserver.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.meta.GroupResource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Allocates what a kind's objects need of what is unique in the cluster: addresses, ports. Safe for use by many threads. */
public interface Reserver {
    /** A kind that needs nothing. */
    Reserver NONE = new Reserver() {
        @Override
        public Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context) {
            return Reservation.NOTHING;
        }

        @Override
        public void release(ObjectNode object) {}
    };

    /** What a write reserved, to be told how the write ended. */
    interface Reservation {
        /** Nothing was reserved. */
        Reservation NOTHING = new Reservation() {};

        /** The write happened: gives back what the object holds no more. */
        default void commit() {}

        /** The write did not happen: gives back what was reserved for it. */
        default void cancel() {}
    }

    /**
     * Reserves what an object needs and writes it into the object, before the object is prepared and validated, as upstream does. On a dry
     * run nothing is kept.
     *
     * @throws io.pilothouse.machinery.status.StatusException if it is taken or there is none left
     */
    Reservation reserve(ObjectNode object, @Nullable ObjectNode old, WriteContext context);

    /** Gives back what an object held that is gone. */
    void release(ObjectNode object);

    /** Resources of which the object of the same name goes with an object. */
    default List<GroupResource> companions() {
        return List.of();
    }
}
