package io.pilothouse.apiserver.registry;

import io.pilothouse.storage.Subscription;
import java.util.List;

/** What comes after the beginning of a watch, for one reader that is told when there is something and never waits. */
public interface EventQueue {
    /** From now on the listener is told of events, which are to be {@linkplain #poll polled} then. */
    void listen(Subscription.Listener listener);

    /** The next events, about so many; empty when there is none now. Does not wait for any. */
    List<WatchEvents.Event> poll(int most);

    /** Lets the listener be told again; false when there is something to poll, or nothing more will come. */
    boolean rearm();

    /** Whether nothing more will come, and all was polled. */
    boolean ended();

    /** How far the client is once it has all events that were handed over. */
    WatchEvents.Event bookmark();
}
