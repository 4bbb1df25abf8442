package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends DATA frames of many streams of one connection in few buffers (RFC 9113 section 6.1), within the windows of its peer. Through a stream's
 * own pipeline each frame costs several times what its bytes cost. Belongs to the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Http2Sharing {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Sharing.class);
    private static final int HEADER = 9;
    /** Frames go out in buffers of this size. */
    static final int BUFFER = 64 * 1024;

    private final Http2FrameCodec codec;
    private final ChannelHandler consolidation;
    private final Gathered gathered = new Gathered();

    /** @param consolidation before the codec, puts flushes together */
    Http2Sharing(Http2FrameCodec codec, ChannelHandler consolidation) {
        this.codec = codec;
        this.consolidation = consolidation;
    }

    /** What is collected while windows are being used up; frames that go out at other times go with those of their stream only. */
    private final class Gathered {
        private boolean on;
        private @Nullable ByteBuf buffer;

        /**
         * A DATA frame up to its content.
         *
         * @param length of the content
         * @param more that may follow
         */
        ByteBuf frame(ChannelHandlerContext ctx, int id, int length, int more) {
            return room(ctx, HEADER + length, more)
                    .writeMedium(length)
                    .writeByte(0) // type DATA
                    .writeByte(0) // no flags
                    .writeInt(id);
        }

        private ByteBuf room(ChannelHandlerContext ctx, int size, int more) {
            // What is sent may make the connection writable, and other streams put their frames here then.
            while (buffer != null && buffer.writableBytes() < size) {
                push(ctx);
            }
            ByteBuf now = buffer;
            if (now == null) {
                int capacity = Math.max(size, on ? BUFFER : Math.min(BUFFER, size + more));
                now = ctx.alloc().directBuffer(capacity, capacity);
                buffer = now;
            }
            return now;
        }

        void push(ChannelHandlerContext ctx) {
            ByteBuf full = buffer;
            buffer = null;
            if (full == null) {
                return;
            }
            ctx.write(full);
            ChannelHandlerContext before = on ? ctx.pipeline().context(consolidation) : null;
            if (before != null) {
                // At once, while it is in the processor's caches and the next buffer can be where this one was.
                before.flush();
            }
        }
    }

    private int maxFrameSize() {
        return codec.encoder().configuration().frameSizePolicy().maxFrameSize();
    }

    /** Content of one stream that waits for its windows. */
    private abstract class Waiting implements Http2RemoteFlowController.FlowControlled {
        private final int id;

        Waiting(int id) {
            this.id = id;
        }

        abstract void copy(ByteBuf target, int length);

        @Override
        public void write(ChannelHandlerContext ctx, int allowedBytes) {
            int allowed = Math.min(allowedBytes, size());
            int most = maxFrameSize();
            while (allowed > 0) {
                int length = Math.min(allowed, most);
                allowed -= length;
                copy(gathered.frame(ctx, id, length, allowed + HEADER * (allowed / most + 1)), length);
            }
            if (!gathered.on) {
                gathered.push(ctx);
            }
        }

        @Override
        public boolean merge(ChannelHandlerContext ctx, Http2RemoteFlowController.FlowControlled next) {
            return false;
        }
    }

    /** What many streams send. */
    private final class Shared extends Waiting {
        private final SharedBytes content;
        private final Runnable written;
        private int offset;

        Shared(int id, SharedBytes content, Runnable written) {
            super(id);
            this.content = content;
            this.written = written;
        }

        @Override
        public int size() {
            return content.length() - offset;
        }

        @Override
        void copy(ByteBuf target, int length) {
            content.copy(offset, target, length);
            offset += length;
        }

        @Override
        public void writeComplete() {
            content.close();
            written.run();
        }

        @Override
        public void error(@Nullable ChannelHandlerContext ctx, Throwable cause) {
            writeComplete();
        }
    }

    /** The pieces of one answer, which are copied straight into frames. */
    private final class Own extends Waiting {
        private final PieceCursor pieces;
        private final Progress progress;

        Own(int id, PieceCursor pieces, Progress progress) {
            super(id);
            this.pieces = pieces;
            this.progress = progress;
        }

        @Override
        public int size() {
            return (int) pieces.left();
        }

        @Override
        void copy(ByteBuf target, int length) {
            pieces.copy(target, length);
            progress.moved();
        }

        @Override
        public void writeComplete() {
            progress.end(null);
        }

        @Override
        public void error(@Nullable ChannelHandlerContext ctx, Throwable cause) {
            progress.end(new IOException("an answer could not be sent", cause));
        }
    }

    /** Puts pieces, of less than 2 GiB, after what else waits for a stream's windows, and sends what these let through. */
    void send(ChannelHandlerContext ctx, int id, PieceCursor pieces, Progress progress) {
        Http2Stream stream = codec.connection().stream(id);
        if (stream == null) {
            progress.end(new ClosedChannelException());
            return;
        }
        codec.encoder().flowController().addFlowControlled(stream, new Own(id, pieces, progress));
        flush(ctx);
    }

    /**
     * Puts content after what else waits for a stream's windows.
     *
     * @param content is closed in the end
     * @param written runs when all of it has gone out, or cannot any more
     */
    void add(int id, SharedBytes content, Runnable written) {
        Http2Stream stream = codec.connection().stream(id);
        if (stream == null || content.length() == 0) {
            content.close();
            written.run();
        } else {
            codec.encoder().flowController().addFlowControlled(stream, new Shared(id, content, written));
        }
    }

    /**
     * Puts contents that the windows let through whole, with nothing before them that waits, into frames; {@link #flush} must follow before anything
     * else is written. The flow controller's queues cost more than that, and are for what has to wait.
     *
     * @param contents stay the caller's
     * @return false when nothing was done
     */
    boolean addAtOnce(int id, List<SharedBytes> contents) {
        Http2Stream stream = codec.connection().stream(id);
        Http2RemoteFlowController flow = codec.encoder().flowController();
        ChannelHandlerContext ctx = flow.channelHandlerContext();
        if (stream == null || ctx == null || !ctx.channel().isWritable() || flow.hasFlowControlled(stream)) {
            return false;
        }
        Http2Stream whole = codec.connection().connectionStream();
        int window = Math.min(flow.windowSize(stream), flow.windowSize(whole));
        int left = window;
        for (SharedBytes content : contents) {
            left -= content.length();
            if (left < 0) {
                return false;
            }
        }
        try {
            flow.incrementWindowSize(stream, left - window);
            flow.incrementWindowSize(whole, left - window);
        } catch (Http2Exception e) {
            throw new IllegalStateException(e); // for an overflow only
        }
        gathered.on = true;
        int most = maxFrameSize();
        for (SharedBytes content : contents) {
            for (int offset = 0; offset < content.length(); offset += most) {
                int length = Math.min(content.length() - offset, most);
                content.copy(offset, gathered.frame(ctx, id, length, 0), length);
            }
        }
        return true;
    }

    /** Sends what the windows let through. */
    void flush(ChannelHandlerContext ctx) {
        gathered.on = true;
        try {
            codec.encoder().flowController().writePendingBytes();
        } catch (Http2Exception e) {
            LOG.atWarn().setCause(e).log("an HTTP/2 connection is closed");
            ctx.close();
        } finally {
            gathered.on = false;
            gathered.push(ctx);
            ctx.flush();
        }
    }
}
