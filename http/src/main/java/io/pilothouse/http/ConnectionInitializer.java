package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.pilothouse.http.RequestHead.ConnectionInfo;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets a new connection up: TLS, then the protocol that was negotiated or, in plain text, the one its first bytes show. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class ConnectionInitializer extends ChannelInitializer<Channel> {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);
    private static final int STREAM_WINDOW = 1 << 20;
    private static final long HANDSHAKE_MILLIS = 10_000;
    private static final int FLUSHES_TOGETHER = 64;
    private final ServerCore core;
    private final AtomicReference<@Nullable TlsIdentities> tls;

    ConnectionInitializer(ServerCore core, AtomicReference<@Nullable TlsIdentities> tls) {
        this.core = core;
        this.tls = tls;
    }

    @Override
    protected void initChannel(Channel channel) {
        channel.closeFuture().addListener(closed -> core.connectionCount().decrementAndGet());
        if (core.connectionCount().incrementAndGet() > core.limits().maxConnections()) {
            channel.close();
            return;
        }
        TlsIdentities identities = tls.get();
        if (identities == null) {
            channel.pipeline().addLast(new PlainTextDetector());
            return;
        }
        if (identities.differ()) {
            channel.pipeline().addLast(new SniHandler(identities, HANDSHAKE_MILLIS), new Negotiated());
            return;
        }
        SslHandler handler = identities.usual().newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
        channel.pipeline().addLast(handler, new Negotiated());
    }

    private void http1(ChannelPipeline pipeline) {
        int max = core.limits().maxHeaderBytes();
        Http1Connection connection = new Http1Connection(core, info(pipeline.channel()));
        pipeline.addLast(connection.firstByteObserver());
        pipeline.addLast(new HttpServerCodec(new HttpDecoderConfig()
                .setMaxInitialLineLength(max)
                .setMaxHeaderSize(max)
                .setMaxChunkSize(64 * 1024)));
        pipeline.addLast(connection);
    }

    private void http2(ChannelPipeline pipeline) {
        HttpLimits limits = core.limits();
        Http2FrameCodec codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(limits.maxStreamsPerConnection())
                        .maxHeaderListSize(limits.maxHeaderBytes())
                        .initialWindowSize(STREAM_WINDOW))
                .decoderEnforceMaxRstFramesPerWindow(2000, 10)
                .gracefulShutdownTimeoutMillis(-1)
                .build();
        // Peers' priorities are out of use (RFC 9113 section 5.3.2): streams take turns, which costs less.
        var streams = codec.connection();
        streams.remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(streams, new UniformStreamByteDistributor(streams)));
        // What many streams write in one turn of the event loop goes out together.
        var consolidation = new FlushConsolidationHandler(FLUSHES_TOGETHER, true);
        Http2Connection connection = new Http2Connection(core, codec, consolidation);
        ConnectionInfo info = info(pipeline.channel());
        pipeline.addLast(new LingeringClose(), consolidation, codec);
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.config().setAutoRead(false);
                stream.pipeline().addLast(new Http2Stream(core, connection, info));
            }
        }));
        pipeline.addLast(connection);
    }

    private static ConnectionInfo info(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        List<X509Certificate> peer = new ArrayList<>();
        if (handler != null) {
            try {
                for (Certificate certificate : handler.engine().getSession().getPeerCertificates()) {
                    peer.add((X509Certificate) certificate);
                }
            } catch (SSLPeerUnverifiedException e) {
                peer.clear(); // none was presented
            }
        }
        return new ConnectionInfo(
                handler == null ? "http" : "https",
                (InetSocketAddress) channel.remoteAddress(),
                (InetSocketAddress) channel.localAddress(),
                List.copyOf(peer));
    }

    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        Negotiated() {
            super(ApplicationProtocolNames.HTTP_1_1);
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                if (tls != null) {
                    // A buffer of frames becomes records in one buffer, instead of one for each of 16 KiB.
                    tls.setWrapDataSize(Http2Sharing.BUFFER);
                }
                http2(ctx.pipeline());
            } else {
                http1(ctx.pipeline());
            }
        }

        @Override
        protected void handshakeFailure(ChannelHandlerContext ctx, Throwable cause) {
            LOG.atDebug()
                    .addKeyValue("remote", ctx.channel().remoteAddress())
                    .addKeyValue("reason", cause.getMessage())
                    .log("TLS handshake failed");
            core.handshakeFailed();
            ctx.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            handshakeFailure(ctx, cause);
        }
    }

    /** Tells HTTP/2 with prior knowledge (RFC 9113 section 3.3) by its preface. */
    private final class PlainTextDetector extends ByteToMessageDecoder {
        private static final byte[] PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.executor()
                    .schedule(
                            () -> {
                                if (ctx.pipeline().context(this) != null) {
                                    ctx.close();
                                }
                            },
                            core.limits().headerTimeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            int count = Math.min(in.readableBytes(), PREFACE.length);
            for (int i = 0; i < count; i++) {
                if (in.getByte(in.readerIndex() + i) != PREFACE[i]) {
                    http1(ctx.pipeline());
                    ctx.pipeline().remove(this);
                    return;
                }
            }
            if (count == PREFACE.length) {
                http2(ctx.pipeline());
                ctx.pipeline().remove(this);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
