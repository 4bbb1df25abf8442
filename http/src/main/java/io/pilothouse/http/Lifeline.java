package io.pilothouse.http;

import java.util.ArrayList;
import java.util.List;

/** Actions to run once when a peer is gone; each on a virtual thread, so that an event loop never runs a caller's code. */
final class Lifeline {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cut;
    private boolean over;

    void onCut(Runnable action) {
        synchronized (actions) {
            if (over) {
                return;
            }
            if (!cut) {
                actions.add(action);
                return;
            }
        }
        Thread.startVirtualThread(action);
    }

    boolean isCut() {
        synchronized (actions) {
            return cut;
        }
    }

    /** The peer is gone. Only the first call counts, and none after {@link #end}. */
    void cut() {
        List<Runnable> due;
        synchronized (actions) {
            if (cut || over) {
                return;
            }
            cut = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Thread::startVirtualThread);
    }

    /** Everything ended in order: no action will run. */
    void end() {
        synchronized (actions) {
            over = true;
            actions.clear();
        }
    }
}
