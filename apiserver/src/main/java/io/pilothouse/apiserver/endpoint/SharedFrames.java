package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.negotiation.Format;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.apiserver.registry.WatchEvents.Event;
import io.pilothouse.http.SharedBytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The events of one round, each encoded once for all its watches. For one thread. */
final class SharedFrames implements AutoCloseable {
    /**
     * What all watches have in common whose events are the same bytes.
     *
     * @param version in which objects are shown, by identity: a custom resource that is declared in another way is another version
     * @param partial the version of meta.k8s.io in which metadata is shown alone; empty where the whole object is
     */
    record Kind(ServedVersion version, Format format, String partial) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Kind that
                    && version == that.version
                    && format == that.format
                    && partial.equals(that.partial);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * System.identityHashCode(version) + format.hashCode()) + partial.hashCode();
        }
    }

    /** Renders events of one kind. */
    interface Encoder {
        Kind kind();

        /**
         * The pieces of an event as a stream carries them, to be sent in order.
         *
         * @throws io.pilothouse.machinery.status.StatusException for an object that cannot be shown in this version
         */
        byte[][] pieces(Event event);
    }

    private record Key(Kind kind, String type, StoredObject object) {
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
    SharedBytes of(Encoder encoder, Event.Change change) {
        return frames.computeIfAbsent(
                new Key(encoder.kind(), change.type(), change.object()), key -> SharedBytes.of(encoder.pieces(change)));
    }

    @Override
    public void close() {
        frames.values().forEach(SharedBytes::close);
        frames.clear();
    }
}
