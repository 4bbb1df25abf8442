package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.EventQueue;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.http.Broadcast;
import io.pilothouse.http.ResponseStream;
import io.pilothouse.http.SharedBytes;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A watch that has had its beginning, and is told of events by the {@link WatchFanOut}. It takes the next ones when the last were written and
 * its client takes more; what comes meanwhile waits in its subscription. It is over when its events are: whoever opened it ends them when the client is
 * gone.
 */
final class LiveWatch implements Subscription.Listener, WatchFanOut.Work, Runnable {
    private enum State {
        READY,
        /** Events are on their way to the client. */
        SENDING,
        /** And there is more to do once they have gone out. */
        SENDING_WITH_MORE
    }

    /** Events at a time: the stream's buffer should be full now and then, not overflow. */
    private static final int AT_ONCE = 16;

    private final WatchFanOut fanOut;
    private final EventQueue events;
    private final SharedFrames.Encoder encoder;
    private final ResponseStream stream;
    private final WatchMetrics.Watch counted;
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Guarded by this object itself: another for it would be one more that is in no cache when an event comes. */
    private State state = State.READY;

    /** It came to an object that cannot be shown in its version, and ends before it in order, as upstream's does. For the fan-out's thread. */
    private boolean cut;

    private volatile boolean over;

    LiveWatch(
            WatchFanOut fanOut,
            EventQueue events,
            SharedFrames.Encoder encoder,
            ResponseStream stream,
            WatchMetrics.Watch counted) {
        this.fanOut = fanOut;
        this.events = events;
        this.encoder = encoder;
        this.stream = stream;
        this.counted = counted;
    }

    void begin() {
        events.listen(this);
        again();
    }

    private void again() {
        fanOut.add(this);
        fanOut.wake();
    }

    /** Waits for the end of the events; false when it takes longer. All that came before was handed to the stream then. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void queued() {
        fanOut.add(this);
    }

    @Override
    public void ended() {
        again();
    }

    @Override
    public void run(Broadcast broadcast, SharedFrames frames) {
        if (over || afterwards()) {
            return; // what follows never comes, or then
        }
        try {
            if (cut) {
                end();
            } else {
                tell(broadcast, frames);
            }
        } catch (StatusException e) {
            end(); // one that its selectors cannot look at, for the same reason
        } catch (RuntimeException e) {
            // The client must not take silence for no change: broken off, it watches again from its last event.
            stream.abort();
            end();
            throw e;
        }
    }

    /** Whether it has to wait for what is on its way; it is run again then. */
    private synchronized boolean afterwards() {
        if (state == State.READY) {
            return false;
        }
        state = State.SENDING_WITH_MORE;
        return true;
    }

    private synchronized State change(State next) {
        State before = state;
        state = next;
        return before;
    }

    private void end() {
        over = true;
        ended.countDown();
    }

    private void tell(Broadcast broadcast, SharedFrames frames) {
        var next = events.poll(AT_ONCE);
        if (!next.isEmpty()) {
            var bytes = frames(next, frames);
            if (cut && bytes.isEmpty()) {
                end();
                return;
            }
            // Here and not when they have gone out: here what is told of and what has been told are at hand.
            change(events.rearm() && !cut ? State.SENDING : State.SENDING_WITH_MORE);
            stream.send(broadcast, bytes, this);
        } else if (events.ended()) {
            end();
        } else if (!events.rearm()) {
            fanOut.add(this);
        }
    }

    /** Those that can be shown, up to the first that cannot. */
    private List<SharedBytes> frames(List<Event> next, SharedFrames frames) {
        var bytes = new ArrayList<SharedBytes>(next.size());
        for (var event : next) {
            if (event instanceof Event.Change change) {
                try {
                    var frame = frames.of(encoder, change);
                    counted.sent(frame.length());
                    bytes.add(frame);
                } catch (StatusException e) {
                    cut = true;
                    break;
                }
            }
        }
        return bytes;
    }

    /** What was handed to the stream has gone out. On the event loop. */
    @Override
    public void run() {
        if (change(State.READY) == State.SENDING_WITH_MORE) {
            again();
        }
    }

    /** Tells the client how far it is, after all that was handed to the stream before. */
    void bookmark() {
        fanOut.add((broadcast, frames) -> {
            if (over || cut) {
                return; // it was not told of all that it took
            }
            try (var bytes = SharedBytes.of(encoder.pieces(events.bookmark()))) {
                stream.send(broadcast, List.of(bytes), null);
                counted.sent(bytes.length());
            }
        });
        fanOut.wake();
    }
}
