package io.pilothouse.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is sent to many streams at one time: each event loop is woken once for all of its streams, and each connection flushed once. For one
 * thread. Nothing waits for a slow peer: see {@link ResponseStream#send}.
 */
public final class Broadcast {
    /** @param then runs after the write, once the peer takes more or is gone */
    private record Write(
            NettyResponseStream stream,
            List<SharedBytes> contents,
            @Nullable Runnable then) {}

    private final Map<EventLoop, List<Write>> byLoop = new HashMap<>();

    void add(EventLoop loop, NettyResponseStream stream, List<SharedBytes> contents, @Nullable Runnable then) {
        byLoop.computeIfAbsent(loop, first -> new ArrayList<>()).add(new Write(stream, contents, then));
    }

    /** Sends all that was added, in the order in which it was added to each stream. Returns at once; the broadcast is empty then. */
    public void send() {
        byLoop.forEach((loop, writes) -> loop.execute(() -> write(writes)));
        byLoop.clear();
    }

    private static void write(List<Write> writes) {
        var connections = new HashSet<Channel>();
        for (var write : writes) {
            write.stream().writeNow(write.contents(), write.then());
        }
        for (var write : writes) {
            var wire = write.stream().wire();
            if (connections.add(wire.connection())) {
                wire.flush();
            }
        }
    }
}
