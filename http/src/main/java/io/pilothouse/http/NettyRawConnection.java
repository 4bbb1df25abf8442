package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** A server's connection after it left HTTP. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class NettyRawConnection implements RawConnection {
    private final Channel channel;
    private final Wire wire;
    private final BytePipe input;
    private final PieceWriter writer;
    private final Duration linger;

    NettyRawConnection(Channel channel, Wire wire, Duration stall) {
        this.channel = channel;
        this.wire = wire;
        this.linger = stall;
        // A raw stream may be silent for as long as it likes: whoever speaks a protocol on it has its own pings.
        this.input = new BytePipe(() -> channel.eventLoop().execute(channel::read), Duration.ZERO);
        this.writer = PieceWriter.of(channel, wire.gate(), stall);
    }

    ChannelHandler handler() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (message instanceof ByteBuf bytes) {
                    input.offer(ByteBufUtil.getBytes(bytes));
                }
                ReferenceCountUtil.release(message);
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                wire.gate().signal();
            }

            @Override
            public void channelInactive(ChannelHandlerContext ctx) {
                input.end();
                wire.gate().signal();
                wire.lifeline().cut();
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        };
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                writer.write(new byte[] {(byte) one});
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                // The caller may reuse its array as soon as this returns, while the channel may not have sent it yet.
                writer.write(Arrays.copyOfRange(bytes, from, from + length));
            }
        };
    }

    @Override
    public boolean isOpen() {
        return channel.isActive();
    }

    @Override
    public void shutdownOutput() {
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.closeOutbound();
        } else if (channel instanceof DuplexChannel duplex) {
            duplex.shutdownOutput();
        }
    }

    @Override
    public void close() {
        if (!channel.isActive() || channel.eventLoop().isShuttingDown()) {
            return;
        }
        // A plain close would drop what the socket has not taken yet.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> channel.close());
        channel.eventLoop().schedule(() -> channel.close(), linger.toMillis(), TimeUnit.MILLISECONDS);
    }
}
