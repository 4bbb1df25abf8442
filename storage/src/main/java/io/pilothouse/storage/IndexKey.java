package io.pilothouse.storage;

import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Narrows a subscription to entries of one value of some property, such as a pod's node. Subscriptions of one name must use one function: an
 * event's value is computed once for all of them, and touches only those that ask for it.
 *
 * @param name of the property
 * @param of the property of an entry
 * @param value what is asked for
 */
public record IndexKey<E>(String name, Function<E, String> of, String value) {
    private static final Logger LOG = LoggerFactory.getLogger(IndexKey.class);

    /** Whether the event's entry has or had the value; an unreadable entry has none. */
    boolean fits(CacheEvent<E> event) {
        return fits(event.entry()) || event.previous().filter(this::fits).isPresent();
    }

    private boolean fits(CacheEntry<E> entry) {
        return valueOf(entry).filter(value::equals).isPresent();
    }

    /** An entry's value; empty when it is unreadable, or the function fails on it: one odd object must not stop the feed of all. */
    Optional<String> valueOf(CacheEntry<E> entry) {
        if (entry.error().isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of.apply(entry.value()));
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("key", entry.key())
                    .addKeyValue("index", name)
                    .setCause(e)
                    .log("index function failed");
            return Optional.empty();
        }
    }
}
