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
    private static final int BUFFER = 64 * 1024;
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
         * Room for a frame.
         *
         * @param more that may follow
         */
        ByteBuf room(ChannelHandlerContext ctx, int size, int more) {
            ByteBuf now = buffer;
            if (now != null && now.writableBytes() < size) {
                push(ctx);
                now = null;
            }
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
            int most = codec.encoder().configuration().frameSizePolicy().maxFrameSize();
            while (allowed > 0) {
                int length = Math.min(allowed, most);
                allowed -= length;
                ByteBuf frame = gathered.room(ctx, HEADER + length, allowed + HEADER * (allowed / most + 1));
                frame.writeMedium(length)
                        .writeByte(0) // type DATA
                        .writeByte(0) // no flags
                        .writeInt(id);
                copy(frame, length);
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
