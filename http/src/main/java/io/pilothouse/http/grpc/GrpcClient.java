package io.pilothouse.http.grpc;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Unary gRPC calls (grpc/doc/PROTOCOL-HTTP2.md) without TLS over one connection, to a Unix socket or a port; messages are bytes as they are.
 * Connects when needed and again after a break. Safe on any thread; blocks, so it is for virtual threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the stream, and that is what is acted on
public final class GrpcClient implements AutoCloseable {
    private static final int MAX_MESSAGE = 16 << 20;
    private static final int PREFIX = 5;
    private static final int CONNECT_MILLIS = 10_000;
    private final SocketAddress target;
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("grpc-io", true), NioIoHandler.newFactory());
    private final ReentrantLock connecting = new ReentrantLock();
    private @Nullable Channel connection;

    private GrpcClient(SocketAddress target) {
        this.target = target;
    }

    /** @param socket the server's socket; it need not be there yet */
    public static GrpcClient onSocket(Path socket) {
        return new GrpcClient(UnixDomainSocketAddress.of(socket));
    }

    /** @param address the server's; nobody need listen there yet */
    public static GrpcClient onPort(InetSocketAddress address) {
        return new GrpcClient(address);
    }

    /**
     * Calls a method.
     *
     * @param method as {@code /package.Service/Method}
     * @param message the encoded request
     * @return the encoded response
     * @throws GrpcException when the server answers with an error
     * @throws IOException when it can't be reached, breaks off or does not answer in time
     */
    public byte[] call(String method, byte[] message, Duration timeout) throws IOException {
        Answer answer = new Answer();
        Http2StreamChannel stream = null;
        try {
            stream = new Http2StreamChannelBootstrap(connect())
                    .handler(answer)
                    .open()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            stream.write(new DefaultHttp2HeadersFrame(head(method, timeout)));
            ByteBuf body = Unpooled.wrappedBuffer(
                    ByteBuffer.allocate(PREFIX)
                            .put((byte) 0)
                            .putInt(message.length)
                            .array(),
                    message);
            stream.writeAndFlush(new DefaultHttp2DataFrame(body, true));
            return answer.result.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (stream != null) {
                stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
            }
            throw new IOException(method + " got no answer in " + timeout, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GrpcException answered) {
                throw answered;
            }
            throw new IOException(method + ": " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static Http2Headers head(String method, Duration timeout) {
        return new DefaultHttp2Headers()
                .method("POST")
                .scheme("http")
                .path(method)
                .authority("localhost")
                .set("te", "trailers")
                .set("grpc-timeout", Math.min(99_999_999L, timeout.toMillis()) + "m")
                .set("content-type", "application/grpc");
    }

    private Channel connect() throws IOException {
        connecting.lock();
        try {
            Channel present = connection;
            if (present != null && present.isActive()) {
                return present;
            }
            ChannelFuture made = new Bootstrap()
                    .group(loop)
                    .channel(
                            target instanceof UnixDomainSocketAddress
                                    ? NioDomainSocketChannel.class
                                    : NioSocketChannel.class)
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                    .handler(new ChannelInitializer<Channel>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            Http2FrameCodecBuilder.forClient().build(),
                                            new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                                            new ConnectionFrames());
                        }
                    })
                    .connect(target)
                    .awaitUninterruptibly();
            if (!made.isSuccess()) {
                throw new IOException(
                        "cannot connect to " + target + ": " + made.cause().getMessage(), made.cause());
            }
            connection = made.channel();
            return made.channel();
        } finally {
            connecting.unlock();
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** Pings and settings, which the codec has dealt with. */
    private static final class ConnectionFrames extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }

    /** Gathers one call's answer. Its state belongs to the event loop. */
    private static final class Answer extends ChannelInboundHandlerAdapter {
        private final CompletableFuture<byte[]> result = new CompletableFuture<>();
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                switch (message) {
                    case Http2HeadersFrame frame
                    when frame.isEndStream() || frame.headers().contains("grpc-status") -> end(frame.headers());
                    case Http2DataFrame frame -> take(frame);
                    case Http2ResetFrame reset ->
                        result.completeExceptionally(
                                new IOException("the server reset the call: " + reset.errorCode()));
                    default -> {} // the head of the answer; window updates are the codec's affair
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private void take(Http2DataFrame frame) {
            byte[] bytes = new byte[frame.content().readableBytes()];
            frame.content().readBytes(bytes);
            if (body.size() + bytes.length > MAX_MESSAGE + PREFIX) {
                result.completeExceptionally(new IOException("the answer is longer than " + MAX_MESSAGE + " bytes"));
                return;
            }
            body.writeBytes(bytes);
        }

        private void end(Http2Headers trailers) {
            CharSequence status = trailers.get("grpc-status");
            String code = status == null ? "" : status.toString();
            if (code.equals("0")) {
                byte[] framed = body.toByteArray();
                int length = framed.length < PREFIX
                        ? -1
                        : ByteBuffer.wrap(framed, 1, 4).getInt();
                if (length != framed.length - PREFIX || framed[0] != 0) {
                    result.completeExceptionally(new IOException("malformed gRPC message"));
                    return;
                }
                result.complete(java.util.Arrays.copyOfRange(framed, PREFIX, framed.length));
                return;
            }
            CharSequence text = trailers.get("grpc-message");
            result.completeExceptionally(new GrpcException(
                    code.matches("[0-9]{1,2}") ? Integer.parseInt(code) : GrpcException.UNKNOWN,
                    text == null
                            ? "HTTP status " + trailers.status()
                            : URLDecoder.decode(text.toString().replace("+", "%2B"), StandardCharsets.UTF_8)));
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            result.completeExceptionally(new IOException("the connection broke"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            result.completeExceptionally(cause);
            context.close();
        }
    }
}
