package io.pilothouse.storage;

import java.util.function.Function;

/**
 * Narrows a subscription to entries of one value of some property, such as a pod's node. Subscriptions of one name must use one function: an
 * event's value is computed once for all of them, and touches only those that ask for it.
 *
 * @param name of the property
 * @param of the property of an entry
 * @param value what is asked for
 */
public record IndexKey<E>(String name, Function<E, String> of, String value) {
    /** Whether the event's entry has or had the value; an unreadable entry has none. */
    boolean fits(CacheEvent<E> event) {
        return fits(event.entry()) || event.previous().filter(this::fits).isPresent();
    }

    private boolean fits(CacheEntry<E> entry) {
        return entry.error().isEmpty() && of.apply(entry.value()).equals(value);
    }
}
