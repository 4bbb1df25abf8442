package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The one implementation of an exchange, over either protocol's wire. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class NettyExchange implements Exchange {
    /** Room is made for a body of so many bytes because its head says so; for more, only as it comes. */
    private static final int TRUSTED_LENGTH = 64 << 10;

    private final ServerCore core;
    private final Wire wire;
    private final RequestHead head;
    private final BytePipe body;
    private final Runnable beforeBody;
    private final AtomicBoolean responded = new AtomicBoolean();
    private final AtomicBoolean bodyAsked = new AtomicBoolean();
    private volatile @Nullable AutoCloseable open;
    /** All of the answer was handed to the event loop, or will be without waiting. */
    private volatile boolean whole;

    /** @param beforeBody sends 100 Continue where the client waits for it */
    NettyExchange(ServerCore core, Wire wire, RequestHead head, BytePipe body, Runnable beforeBody) {
        this.core = core;
        this.wire = wire;
        this.head = head;
        this.body = body;
        this.beforeBody = beforeBody;
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String rawPath() {
        return head.path();
    }

    @Override
    public String rawQuery() {
        return head.query();
    }

    @Override
    public Headers headers() {
        return head.headers();
    }

    @Override
    public String protocol() {
        return head.protocol();
    }

    @Override
    public String scheme() {
        return head.connection().scheme();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return head.connection().remote();
    }

    @Override
    public InetSocketAddress localAddress() {
        return head.connection().local();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return head.connection().peerCertificates();
    }

    @Override
    public byte[] body(int maxBytes) throws IOException {
        long declared = declaredLength();
        if (declared > maxBytes) {
            throw new BodyTooLargeException(maxBytes);
        }
        body.boundWhole();
        if (declared >= 0 && declared <= TRUSTED_LENGTH) {
            return body((int) declared, bodyStream());
        }
        byte[] bytes = bodyStream().readNBytes(maxBytes == Integer.MAX_VALUE ? maxBytes : maxBytes + 1);
        if (bytes.length > maxBytes) {
            throw new BodyTooLargeException(maxBytes);
        }
        return bytes;
    }

    /** What the client says that its body has; -1 if it says nothing. */
    private long declaredLength() {
        String declared = headers().firstOrNull("content-length");
        if (declared == null) {
            return -1;
        }
        // The codec has refused anything but digits; more than 18 of them is too long for any limit.
        return declared.length() > 18 ? Long.MAX_VALUE : Long.parseLong(declared.strip());
    }

    private static byte[] body(int declared, InputStream stream) throws IOException {
        byte[] bytes = new byte[declared];
        int length = stream.readNBytes(bytes, 0, declared);
        if (stream.read() >= 0) {
            throw new IOException("a body is longer than was declared");
        }
        return length == declared ? bytes : Arrays.copyOf(bytes, length);
    }

    @Override
    public InputStream bodyStream() {
        if (bodyAsked.compareAndSet(false, true)) {
            beforeBody.run();
        }
        return body;
    }

    @Override
    public boolean responded() {
        return responded.get();
    }

    @Override
    public boolean abort() {
        boolean begun;
        if (open instanceof ResponseStream stream) {
            begun = !stream.isClosed();
            stream.abort();
        } else {
            begun = responded() && !whole;
            if (begun) {
                wire.abort();
            }
        }
        return begun;
    }

    @Override
    public void onDisconnect(Runnable action) {
        wire.lifeline().onCut(action);
    }

    @Override
    public void respond(int status, Headers headers, byte[]... pieces) throws IOException {
        begin(headers);
        Channel channel = wire.channel();
        if (!channel.isActive()) {
            throw new ClosedChannelException();
        }
        long length = PieceWriter.length(pieces);
        boolean bodiless = isHead() || bodiless(status);
        whole = bodiless || length <= PieceWriter.BATCH;
        if (bodiless || length == 0) {
            channel.eventLoop().execute(() -> {
                wire.head(status, headers, bodiless(status) ? -1 : length, true);
                channel.flush();
                wire.done();
            });
        } else if (length <= PieceWriter.BATCH) {
            ByteBuf content = PieceWriter.gathered(channel.alloc(), (int) length, pieces);
            channel.eventLoop().execute(() -> {
                wire.head(status, headers, length, false);
                channel.writeAndFlush(wire.data(content, true));
                wire.done();
            });
        } else {
            respondLarge(status, headers, length, pieces);
        }
    }

    private void respondLarge(int status, Headers headers, long length, byte[]... pieces) throws IOException {
        Channel channel = wire.channel();
        channel.eventLoop().execute(() -> wire.head(status, headers, length, false));
        try {
            wire.send(core.limits().stallTimeout(), pieces);
        } catch (IOException e) {
            wire.abort();
            throw e;
        }
        whole = true;
        channel.eventLoop().execute(() -> {
            channel.writeAndFlush(wire.data(Unpooled.EMPTY_BUFFER, true));
            wire.done();
        });
    }

    @Override
    public ResponseStream startStream(int status, Headers headers) throws IOException {
        begin(headers);
        boolean bodiless = isHead() || bodiless(status);
        NettyResponseStream stream = new NettyResponseStream(core, wire, bodiless);
        open = stream;
        wire.channel().eventLoop().execute(() -> wire.head(status, headers, -1, bodiless));
        return stream;
    }

    @Override
    public RawConnection switchProtocols(int status, Headers headers) throws IOException {
        if (responded()) {
            throw new IllegalStateException("already answered");
        }
        headers.check();
        RawConnection raw = wire.upgrade(status, headers);
        begin(headers);
        open = raw;
        return raw;
    }

    private void begin(Headers headers) {
        headers.check(); // here, where the handler sees it, and not on the event loop
        if (!responded.compareAndSet(false, true)) {
            throw new IllegalStateException("already answered");
        }
    }

    private boolean isHead() {
        return head.method().toUpperCase(Locale.ROOT).equals("HEAD");
    }

    private static boolean bodiless(int status) {
        return status == 204 || status == 304 || status < 200;
    }

    /** Answers a fault if nothing was answered yet, else breaks off. */
    void fault(int status, String message) {
        if (responded()) {
            if (!whole) {
                wire.abort();
            }
            return;
        }
        ErrorRenderer.Rendered rendered = core.errors().render(status, message);
        try {
            respond(status, rendered.headers(), rendered.body());
        } catch (IOException e) {
            wire.abort();
        }
    }

    /** The handler is through: ends what it left open. */
    void finish() {
        AutoCloseable left = open;
        if (left == null) {
            return;
        }
        try {
            left.close();
        } catch (Exception e) {
            wire.abort();
        }
    }

    boolean disconnected() {
        return wire.lifeline().isCut();
    }
}
