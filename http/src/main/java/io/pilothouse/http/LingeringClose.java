package io.pilothouse.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;

/**
 * Closes so that the peer can still read what was sent: ends the outgoing side, reads and drops what comes until the peer ends its own, a second at most. A plain
 * close while the peer sends, were it a window update or its own farewell, resets the connection, and what it had not read of the answer is lost.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class LingeringClose extends ChannelOutboundHandlerAdapter {
    private static final long LINGER_MILLIS = 1000;
    private boolean begun;

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (begun || !ctx.channel().isActive()) {
            ctx.close(promise);
            return;
        }
        begun = true;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (flushed.isSuccess()) {
                endOutput(ctx, promise);
            } else {
                ctx.close(promise);
            }
        });
    }

    /** All is written: half-closes now, and closes when the peer has had its time. */
    static void endOutput(ChannelHandlerContext ctx, ChannelPromise promise) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (ctx.channel() instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
        ctx.channel().config().setAutoRead(true);
        ctx.executor().schedule(() -> ctx.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
