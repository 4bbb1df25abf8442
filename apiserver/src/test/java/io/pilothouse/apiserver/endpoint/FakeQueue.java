package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.EventQueue;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.storage.Subscription;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The events that a test says, told of as a subscription does: once until the next rearm. */
final class FakeQueue implements EventQueue {
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private Subscription.@Nullable Listener listener;
    private boolean told;
    private boolean over;

    void add(Event event) {
        events.add(event);
        if (listener != null && !told) {
            told = true;
            listener.queued();
        }
    }

    void end() {
        over = true;
        if (listener != null) {
            listener.ended();
        }
    }

    @Override
    public void listen(Subscription.Listener listener) {
        this.listener = listener;
        told = true;
    }

    @Override
    public List<Event> poll(int most) {
        var next = new ArrayList<Event>();
        while (next.size() < most && !events.isEmpty()) {
            next.add(events.remove());
        }
        return next;
    }

    @Override
    public boolean rearm() {
        told = !events.isEmpty() || over;
        return !told;
    }

    @Override
    public boolean ended() {
        return over && events.isEmpty();
    }

    @Override
    public Event bookmark() {
        return new Event.Bookmark(7, false);
    }
}
