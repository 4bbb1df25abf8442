package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Stream;
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
    private final Gathered gathered = new Gathered();

    Http2Sharing(Http2FrameCodec codec) {
        this.codec = codec;
    }

    /** What is collected while windows are being used up; frames that go out at other times go alone. */
    static final class Gathered {
        private boolean on;
        private @Nullable ByteBuf buffer;

        /** Room for a frame. */
        ByteBuf room(ChannelHandlerContext ctx, int size) {
            ByteBuf now = buffer;
            if (now != null && now.writableBytes() < size) {
                push(ctx);
                now = null;
            }
            if (now == null) {
                now = ctx.alloc().directBuffer(on ? Math.max(BUFFER, size) : size);
                buffer = now;
            }
            return now;
        }

        void push(ChannelHandlerContext ctx) {
            ByteBuf full = buffer;
            buffer = null;
            if (full != null) {
                ctx.write(full);
            }
        }
    }

    /** Content of one stream that waits for its windows. */
    private final class Shared implements Http2RemoteFlowController.FlowControlled {
        private final int id;
        private final ByteBuf content;
        private final Runnable written;

        Shared(int id, ByteBuf content, Runnable written) {
            this.id = id;
            this.content = content;
            this.written = written;
        }

        @Override
        public int size() {
            return content.readableBytes();
        }

        @Override
        public void write(ChannelHandlerContext ctx, int allowedBytes) {
            int allowed = Math.min(allowedBytes, content.readableBytes());
            int most = codec.encoder().configuration().frameSizePolicy().maxFrameSize();
            while (allowed > 0) {
                int length = Math.min(allowed, most);
                gathered.room(ctx, HEADER + length)
                        .writeMedium(length)
                        .writeByte(0) // type DATA
                        .writeByte(0) // no flags
                        .writeInt(id)
                        .writeBytes(content, length);
                allowed -= length;
            }
            if (!gathered.on) {
                gathered.push(ctx);
            }
        }

        @Override
        public void writeComplete() {
            content.release();
            written.run();
        }

        @Override
        public void error(@Nullable ChannelHandlerContext ctx, Throwable cause) {
            content.release();
            written.run();
        }

        @Override
        public boolean merge(ChannelHandlerContext ctx, Http2RemoteFlowController.FlowControlled next) {
            return false;
        }
    }

    /**
     * Puts content after what else waits for a stream's windows.
     *
     * @param content is released in the end
     * @param written runs when all of it has gone out, or cannot any more
     */
    void add(int id, ByteBuf content, Runnable written) {
        Http2Stream stream = codec.connection().stream(id);
        if (stream == null || !content.isReadable()) {
            content.release();
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
