package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.http.SharedBytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of one round, each encoded once for all its watches. For one thread. */
final class SharedFrames implements AutoCloseable {
    private record Key(WatchEncoder.Kind kind, String type, StoredObject object) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that
                    && object == that.object
                    && kind.equals(that.kind)
                    && type.equals(that.type);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(object) + type.hashCode();
        }
    }

    private final Map<Key, SharedBytes> frames = new HashMap<>();

    /** Stays this object's to close. */
    SharedBytes of(WatchEncoder encoder, Event.Change change) {
        return frames.computeIfAbsent(
                new Key(encoder.kind(), change.type(), change.object()), key -> SharedBytes.of(encoder.pieces(change)));
    }

    @Override
    public void close() {
        frames.values().forEach(SharedBytes::close);
        frames.clear();
    }
}
