package io.pilothouse.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A server of unary gRPC calls on a Unix socket, for tests of those who call one. */
@SuppressWarnings("FutureReturnValueIgnored") // a client that does not get its answer fails the test
public final class StandInGrpcServer implements AutoCloseable {
    private static final int PREFIX = 5;

    /** Answers calls, on an event loop. */
    @FunctionalInterface
    public interface Methods {
        /** @throws RuntimeException to answer with an error that says the same */
        byte[] answer(String method, byte[] message);
    }

    private final MultiThreadIoEventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Methods methods;

    private StandInGrpcServer(Methods methods) {
        this.methods = methods;
    }

    /** Listens on a socket that is not there yet. */
    public static StandInGrpcServer start(Path socket, Methods methods) {
        var server = new StandInGrpcServer(methods);
        new ServerBootstrap()
                .group(server.loop)
                .channel(NioServerDomainSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        Http2FrameCodecBuilder.forServer().build(),
                                        new Http2MultiplexHandler(server.calls()),
                                        new Rest());
                    }
                })
                .bind(UnixDomainSocketAddress.of(socket))
                .syncUninterruptibly();
        return server;
    }

    private ChannelInitializer<Channel> calls() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Call());
            }
        };
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What is the connection's own. */
    private static final class Rest extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    private final class Call extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private String method = "";

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case Http2HeadersFrame frame ->
                        method = frame.headers().path().toString();
                    case Http2DataFrame frame -> {
                        byte[] bytes = new byte[frame.content().readableBytes()];
                        frame.content().readBytes(bytes);
                        body.writeBytes(bytes);
                        if (frame.isEndStream()) {
                            answer(context);
                        }
                    }
                    default -> {} // window updates
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void answer(ChannelHandlerContext context) {
            byte[] framed = body.toByteArray();
            var head = new DefaultHttp2Headers().status("200").set("content-type", "application/grpc");
            try {
                byte[] answer = methods.answer(method, java.util.Arrays.copyOfRange(framed, PREFIX, framed.length));
                context.write(new DefaultHttp2HeadersFrame(head));
                context.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(
                        ByteBuffer.allocate(PREFIX)
                                .put((byte) 0)
                                .putInt(answer.length)
                                .array(),
                        answer)));
                context.writeAndFlush(
                        new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().set("grpc-status", "0"), true));
            } catch (RuntimeException e) {
                head.set("grpc-status", "13").set("grpc-message", String.valueOf(e.getMessage()));
                context.writeAndFlush(new DefaultHttp2HeadersFrame(head, true));
            }
        }
    }
}
