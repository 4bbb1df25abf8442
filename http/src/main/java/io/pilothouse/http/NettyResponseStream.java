package io.pilothouse.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Streams an answer over a wire. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class NettyResponseStream implements ResponseStream {
    private final ServerCore core;
    private final Wire wire;
    private final Channel connection;
    private final boolean bodiless;
    private final PieceWriter writer;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;
    /** The answer's end was written, or never will be. On the event loop. */
    private boolean ended;

    private AutoCloseable drainRegistration = () -> {};

    NettyResponseStream(ServerCore core, Wire wire, boolean bodiless) {
        this.core = core;
        this.wire = wire;
        this.connection = wire.connection();
        this.bodiless = bodiless;
        this.writer = PieceWriter.of(wire, core.limits().stallTimeout());
    }

    @Override
    public void write(byte[]... pieces) throws IOException {
        lock.lock();
        try {
            if (isClosed()) {
                throw new ClosedChannelException();
            }
            if (!bodiless) {
                writer.write(pieces);
            }
        } catch (IOException e) {
            abort();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(Broadcast broadcast, List<SharedBytes> bytes, @Nullable Runnable then) {
        broadcast.add(connection, this, bytes, then);
    }

    /** Writes without a flush; the contents stay the caller's. On the event loop. */
    void writeNow(List<SharedBytes> contents, @Nullable Runnable then) {
        if (!bodiless && !closed && wire.writeAtOnce(contents)) {
            if (then != null) {
                then.run();
            }
            return;
        }
        for (int i = 0; i < contents.size(); i++) {
            SharedBytes content = contents.get(i);
            boolean last = i == contents.size() - 1;
            Runnable written = () -> {
                if (then != null && last) {
                    onceWritable(then);
                }
            };
            if (bodiless || isClosed()) {
                written.run();
            } else {
                content.retain();
                wire.write(content, written);
            }
        }
    }

    Wire wire() {
        return wire;
    }

    /** Runs the action when the channel is gone or takes more, which may be now. On the event loop. */
    private void onceWritable(Runnable action) {
        Channel channel = wire.channel();
        if (channel.isWritable() || isClosed()) {
            action.run();
            return;
        }
        wire.gate().follow(() -> {
            if (channel.isWritable() || isClosed()) {
                wire.gate().follow(() -> {});
                action.run();
            }
        });
    }

    @Override
    public void flush() throws IOException {
        if (isClosed()) {
            throw new ClosedChannelException();
        }
        wire.channel().flush();
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        deregister();
        Channel channel = wire.channel();
        channel.eventLoop().execute(() -> {
            if (ended) {
                return;
            }
            ended = true;
            if (bodiless) {
                channel.flush();
            } else {
                channel.writeAndFlush(wire.data(Unpooled.EMPTY_BUFFER, true));
            }
            wire.done();
        });
    }

    @Override
    public void abort() {
        if (!closed) {
            closed = true;
            deregister();
            wire.abort();
        }
    }

    /**
     * Breaks off a stream that lacks what could not be written, so that nobody takes it for whole: also one that was closed meanwhile. On the event
     * loop.
     */
    void fail() {
        if (!closed) {
            closed = true;
            deregister();
        }
        if (!ended) {
            ended = true;
            wire.abort();
        }
    }

    @Override
    public boolean isClosed() {
        return closed || !wire.channel().isActive();
    }

    @Override
    public void onClose(Runnable action) {
        wire.lifeline().onCut(action);
    }

    @Override
    public synchronized void onDrain(Runnable action) {
        AutoCloseable earlier = drainRegistration;
        AutoCloseable added = core.onDrain(action);
        drainRegistration = () -> {
            earlier.close();
            added.close();
        };
    }

    private synchronized void deregister() {
        try {
            drainRegistration.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
