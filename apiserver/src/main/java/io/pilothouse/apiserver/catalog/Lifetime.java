package io.pilothouse.apiserver.catalog;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How long a definition holds: watches that were opened under it end with it. Safe for use by many threads. */
public final class Lifetime {
    /** Of definitions that never end. */
    public static final Lifetime ENDLESS = new Lifetime();

    private final Set<Runnable> listeners = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Calls the listener when the lifetime ends, at once if it has; until the registration is closed. */
    public Registration onEnd(Runnable listener) {
        if (this == ENDLESS) {
            return () -> {};
        }
        listeners.add(listener);
        if (over) {
            listener.run();
        }
        return () -> listeners.remove(listener);
    }

    /** A listener's place. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Ends it. */
    public void end() {
        over = true;
        listeners.forEach(Runnable::run);
    }
}
