package io.pilothouse.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 and HTTP/2 server (ALPN over TLS; prior knowledge or HTTP/1.1 over plain text). All methods are safe on any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
public final class HttpServer implements AutoCloseable {
    private final ServerCore core;
    private final MultiThreadIoEventLoopGroup loops;
    private final Channel listener;
    private final AtomicReference<@Nullable TlsIdentities> tls;

    private HttpServer(
            ServerCore core,
            MultiThreadIoEventLoopGroup loops,
            Channel listener,
            AtomicReference<@Nullable TlsIdentities> tls) {
        this.core = core;
        this.loops = loops;
        this.listener = listener;
        this.tls = tls;
    }

    /** Loads the native libraries that any server uses, which takes a while: one that is going to be started later may have it done beside other work. */
    public static void loadNatives() {
        Transport.serverChannel();
        TlsContexts.provider();
    }

    /**
     * Binds and serves.
     *
     * @throws IOException when the address can't be bound or the TLS material is not usable
     */
    public static HttpServer start(HttpServerConfig config, Handler handler) throws IOException {
        return prepare(config, handler).listen();
    }

    /**
     * Makes all that a server needs but its port.
     *
     * @throws IOException when the TLS material is not usable
     */
    public static Prepared prepare(HttpServerConfig config, Handler handler) throws IOException {
        ServerCore core = new ServerCore(handler, config.limits(), config.errors());
        AtomicReference<@Nullable TlsIdentities> tls = new AtomicReference<>();
        if (config.tls().isPresent()) {
            tls.set(TlsIdentities.of(config.tls().get()));
        }
        return new Prepared(config, core, tls);
    }

    /** A server that does not listen yet. */
    public static final class Prepared {
        private final HttpServerConfig config;
        private final ServerCore core;
        private final AtomicReference<@Nullable TlsIdentities> tls;

        private Prepared(HttpServerConfig config, ServerCore core, AtomicReference<@Nullable TlsIdentities> tls) {
            this.config = config;
            this.core = core;
            this.tls = tls;
        }

        /**
         * Binds and serves; to be called once.
         *
         * @throws IOException when the address can't be bound
         */
        public HttpServer listen() throws IOException {
            return bind(config, core, tls);
        }
    }

    private static HttpServer bind(
            HttpServerConfig config, ServerCore core, AtomicReference<@Nullable TlsIdentities> tls) throws IOException {
        int threads = Math.max(2, Math.min(16, Runtime.getRuntime().availableProcessors()));
        MultiThreadIoEventLoopGroup loops = Transport.loops("http-io", threads);
        ChannelFuture bound = new ServerBootstrap()
                .group(loops)
                .channel(Transport.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(128 * 1024, 512 * 1024))
                .childHandler(new ConnectionInitializer(core, tls))
                .bind(config.bind())
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS);
            throw new IOException("cannot listen on " + config.bind(), bound.cause());
        }
        return new HttpServer(core, loops, bound.channel(), tls);
    }

    /** Calls back, on an event loop, for every connection that is lost because its TLS handshake failed. At most one is called. */
    public void countHandshakeFailures(Runnable callback) {
        core.onHandshakeFailure(callback);
    }

    /** Where it listens, with the real port. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /**
     * Uses other TLS material for connections from now on; the present ones stay.
     *
     * @throws IOException when it is not usable; the old one stays in use
     * @throws IllegalStateException when the server speaks plain text
     */
    public void reloadTls(TlsConfig config) throws IOException {
        if (tls.get() == null) {
            throw new IllegalStateException("the server was started without TLS");
        }
        tls.set(TlsIdentities.of(config));
    }

    /**
     * Stops accepting, sends GOAWAY or {@code Connection: close}, tells open streams ({@link ResponseStream#onDrain}), waits for what is in
     * flight at most that long, then closes all connections. {@link #close} is still needed.
     */
    public void drain(Duration grace) {
        listener.close().awaitUninterruptibly();
        try {
            core.drain(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            core.killAll();
        }
    }

    /** Closes everything at once. Does nothing the second time. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        core.killAll();
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
