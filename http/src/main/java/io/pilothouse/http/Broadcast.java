package io.pilothouse.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to many streams at one time: each event loop is woken once for all of its streams, and each connection flushed once, after all
 * that goes over it. For one thread. Nothing waits for a slow peer: see {@link ResponseStream#send}.
 */
public final class Broadcast {
    /** @param then runs after the write, once the peer takes more or is gone */
    private record Write(
            NettyResponseStream stream,
            List<SharedBytes> contents,
            @Nullable Runnable then) {}

    private final Map<Channel, List<Write>> byConnection = new HashMap<>();

    void add(Channel connection, NettyResponseStream stream, List<SharedBytes> contents, @Nullable Runnable then) {
        byConnection.computeIfAbsent(connection, first -> new ArrayList<>()).add(new Write(stream, contents, then));
    }

    /** Sends all that was added, in the order in which it was added to each stream. Returns at once; the broadcast is empty then. */
    public void send() {
        Map<EventLoop, List<List<Write>>> byLoop = new HashMap<>();
        byConnection.forEach(
                (connection, writes) -> byLoop.computeIfAbsent(connection.eventLoop(), first -> new ArrayList<>())
                        .add(writes));
        byLoop.forEach((loop, connections) -> loop.execute(() -> connections.forEach(Broadcast::write)));
        byConnection.clear();
    }

    /** Of one connection. */
    private static void write(List<Write> writes) {
        try {
            for (Write write : writes) {
                write.stream().writeNow(write.contents(), write.then());
            }
        } finally {
            writes.getFirst().stream().wire().flush();
        }
    }
}
