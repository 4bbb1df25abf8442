package io.pilothouse.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection: windows, idleness and draining; its streams are {@link Http2Stream}s. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Http2Connection extends ChannelInboundHandlerAdapter implements ServerCore.Connection {
    private static final int CONNECTION_WINDOW = 8 << 20;
    private final ServerCore core;
    private final Http2FrameCodec codec;
    private final Http2Sharing sharing;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Future<?> idle;
    private int streams;

    Http2Connection(ServerCore core, Http2FrameCodec codec, ChannelHandler consolidation) {
        this.core = core;
        this.codec = codec;
        this.sharing = new Http2Sharing(codec, consolidation);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Http2Exception {
        context = ctx;
        var connection = codec.connection();
        connection.local().flowController().incrementWindowSize(connection.connectionStream(), CONNECTION_WINDOW);
        ctx.channel().closeFuture().addListener(closed -> core.closed(this));
        core.opened(this);
        watchIdle(ctx);
    }

    Channel channel() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not yet in a pipeline");
        }
        return ctx.channel();
    }

    Http2Sharing sharing() {
        return sharing;
    }

    /** Sends what was added to {@link #sharing}. */
    void flushShared() {
        ChannelHandlerContext ctx = codecContext();
        if (ctx != null) {
            sharing.flush(ctx);
        }
    }

    /** See {@link Http2Sharing#send}. */
    void send(int id, PieceCursor pieces, Progress progress) {
        ChannelHandlerContext ctx = codecContext();
        if (ctx == null) {
            progress.end(new ClosedChannelException());
        } else {
            sharing.send(ctx, id, pieces, progress);
        }
    }

    /** From the codec on: it is the codec's own frames that are written. Null when the connection is gone. */
    private @Nullable ChannelHandlerContext codecContext() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? null : ctx.pipeline().context(codec);
    }

    void streamOpened() {
        streams++;
        if (idle != null) {
            idle.cancel(false);
            idle = null;
        }
    }

    void streamClosed() {
        ChannelHandlerContext ctx = context;
        if (--streams == 0 && ctx != null) {
            watchIdle(ctx);
        }
    }

    private void watchIdle(ChannelHandlerContext ctx) {
        idle = ctx.executor()
                .schedule(
                        () -> {
                            if (streams == 0) {
                                ctx.channel().close();
                            }
                        },
                        core.limits().idleTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message); // settings, pings and the like: the codec has acted on them
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        kill();
    }

    @Override
    public void drain() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().close(); // the codec sends GOAWAY and waits for the streams
        }
    }

    @Override
    public void kill() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().eventLoop().execute(() -> {
                ChannelHandlerContext first = ctx.pipeline().firstContext();
                if (first != null) {
                    first.close();
                }
            });
        }
    }
}
