package io.pilothouse.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is sent to many streams at one time: each event loop is woken once for all of its streams, and each connection flushed once, after all
 * that goes over it. For one thread. Nothing waits for a slow peer: see {@link ResponseStream#send}.
 */
public final class Broadcast {
    private static final Logger LOG = LoggerFactory.getLogger(Broadcast.class);

    /** @param then runs after the write, once the peer takes more or is gone */
    private record Write(
            NettyResponseStream stream,
            List<SharedBytes> contents,
            @Nullable Runnable then) {}

    /** All that goes over one connection. Contents are retained once for all of its streams: their counts are what threads contend for. */
    @SuppressWarnings("FutureReturnValueIgnored") // of closing: there is nothing to do after it
    private static final class Batch {
        private final List<Write> writes = new ArrayList<>();
        private final Set<SharedBytes> contents = Collections.newSetFromMap(new IdentityHashMap<>());
        private final Channel connection;

        Batch(Channel connection) {
            this.connection = connection;
        }

        void add(Write write) {
            for (SharedBytes content : write.contents()) {
                if (contents.add(content)) {
                    content.retain();
                }
            }
            writes.add(write);
        }

        /** On the event loop. */
        void send() {
            List<NettyResponseStream> failed = new ArrayList<>(0);
            for (Write write : writes) {
                if (failed.contains(write.stream())) {
                    continue;
                }
                try {
                    write.stream().writeNow(write.contents(), write.then());
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("a stream could not be written to, and is broken off");
                    failed.add(write.stream());
                }
            }
            contents.forEach(SharedBytes::close);
            try {
                writes.getFirst().stream().wire().flush();
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("a connection could not be written to, and is closed");
                connection.close();
            }
            failed.forEach(NettyResponseStream::fail);
        }
    }

    private final Map<Channel, Batch> byConnection = new HashMap<>();

    void add(Channel connection, NettyResponseStream stream, List<SharedBytes> contents, @Nullable Runnable then) {
        byConnection.computeIfAbsent(connection, Batch::new).add(new Write(stream, contents, then));
    }

    /** Sends all that was added, in the order in which it was added to each stream. Returns at once; the broadcast is empty then. */
    public void send() {
        Map<EventLoop, List<Batch>> byLoop = new HashMap<>();
        byConnection.forEach(
                (connection, batch) -> byLoop.computeIfAbsent(connection.eventLoop(), first -> new ArrayList<>())
                        .add(batch));
        byLoop.forEach((loop, batches) -> loop.execute(() -> batches.forEach(Batch::send)));
        byConnection.clear();
    }
}
