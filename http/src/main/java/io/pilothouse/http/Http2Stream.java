package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.util.ReferenceCountUtil;
import io.pilothouse.http.RequestHead.ConnectionInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 stream: one exchange. Its state belongs to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Http2Stream extends ChannelInboundHandlerAdapter implements Wire {
    private static final Set<String> CONNECTION_FIELDS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");
    private final ServerCore core;
    private final Http2Connection connection;
    private final ConnectionInfo info;
    private final Gate gate = new Gate();
    private final Lifeline lifeline = new Lifeline();
    private @Nullable Channel stream;
    private @Nullable BytePipe body;
    private int id;
    private boolean requestComplete;
    private boolean counted;

    Http2Stream(ServerCore core, Http2Connection connection, ConnectionInfo info) {
        this.core = core;
        this.connection = connection;
        this.info = info;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        stream = ctx.channel();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        counted = true;
        connection.streamOpened();
        ctx.read();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame frame when body == null -> begin(ctx, frame);
                case Http2HeadersFrame trailers -> end(trailers.isEndStream());
                case Http2DataFrame frame -> {
                    if (body != null) {
                        body.offer(ByteBufUtil.getBytes(frame.content()));
                    }
                    if (!frame.content().isReadable() && !frame.isEndStream()) {
                        ctx.read(); // whoever asked for more has got nothing, and asks once
                    }
                    end(frame.isEndStream());
                }
                default -> {} // window updates and the like are the codec's affair
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, Http2HeadersFrame frame) {
        Http2FrameStream number = frame.stream();
        id = number == null ? 0 : number.id();
        Http2Headers fields = frame.headers();
        Headers headers = new Headers();
        if (fields.authority() != null) {
            headers.add("host", fields.authority().toString());
        }
        fields.forEach(field -> {
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            String crumbs = name.equals("cookie") ? headers.firstOrNull("cookie") : null;
            if (crumbs != null) {
                headers.set(name, crumbs + "; " + value); // RFC 9113 section 8.2.3
            } else if (!name.startsWith(":") && !(name.equals("host") && fields.authority() != null)) {
                headers.add(name, value);
            }
        });
        Channel channel = channel();
        BytePipe inbound = new BytePipe(
                () -> channel.eventLoop().execute(channel::read), core.limits().stallTimeout());
        body = inbound;
        end(frame.isEndStream());
        CharSequence method = fields.method();
        CharSequence path = fields.path();
        if (method == null || path == null) {
            reject(400, "Bad Request");
            return;
        }
        if (!core.tryEnter()) {
            reject(503, "too many requests in flight");
            return;
        }
        boolean expects = headers.hasToken("expect", "100-continue");
        if (!requestComplete && !expects) {
            ctx.read(); // a short body came along with the head: whoever reads it need not wake this thread to ask
            // for it
        }
        RequestHead head = RequestHead.of(method.toString(), path.toString(), "HTTP/2.0", headers, info);
        core.run(new NettyExchange(core, this, head, inbound, () -> {
            if (expects) {
                channel.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100")));
            }
        }));
    }

    private void end(boolean ended) {
        if (ended && body != null) {
            requestComplete = true;
            body.end();
        }
    }

    private void reject(int status, String message) {
        ErrorRenderer.Rendered rendered = core.errors().render(status, message);
        head(status, rendered.headers(), rendered.body().length, false);
        channel().writeAndFlush(data(io.netty.buffer.Unpooled.wrappedBuffer(rendered.body()), true));
        done();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        gate.signal();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        // First: whoever fails by the others looks here whether that is the client's doing.
        lifeline.cut();
        if (body != null && !requestComplete) {
            body.fail(new java.nio.channels.ClosedChannelException());
        }
        gate.signal();
        if (counted) {
            counted = false;
            connection.streamClosed();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public Channel channel() {
        Channel channel = stream;
        if (channel == null) {
            throw new IllegalStateException("not yet in a pipeline");
        }
        return channel;
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public Lifeline lifeline() {
        return lifeline;
    }

    @Override
    public void head(int status, Headers headers, long length, boolean end) {
        Http2Headers fields = new DefaultHttp2Headers().status(Integer.toString(status));
        headers.forEach((name, value) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!CONNECTION_FIELDS.contains(lower)) {
                fields.add(lower, value);
            }
        });
        if (length >= 0) {
            fields.setLong("content-length", length);
        }
        channel().write(new DefaultHttp2HeadersFrame(fields, end));
        if (headers.hasToken("connection", "close")) {
            connection.drain(); // HTTP/2 says the same with GOAWAY
        }
    }

    @Override
    public Object data(ByteBuf content, boolean last) {
        return new DefaultHttp2DataFrame(content, last);
    }

    @Override
    public Channel connection() {
        return connection.channel();
    }

    @Override
    public void write(SharedBytes content, Runnable written) {
        connection.sharing().add(id, content, written);
    }

    @Override
    public boolean writeAtOnce(List<SharedBytes> contents) {
        return connection.sharing().addAtOnce(id, contents);
    }

    @Override
    public void send(Duration stall, byte[]... pieces) throws IOException {
        var cursor = new PieceCursor(pieces);
        if (cursor.left() > Integer.MAX_VALUE) {
            Wire.super.send(stall, pieces);
            return;
        }
        var progress = new Progress();
        channel().eventLoop().execute(() -> connection.send(id, cursor, progress));
        progress.await(stall);
    }

    @Override
    public void flush() {
        connection.flushShared();
    }

    @Override
    public void done() {
        lifeline.end();
        if (!requestComplete) {
            // RFC 9113 section 8.1: the answer is complete, the rest of the request is not wanted.
            channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR));
        }
    }

    @Override
    public void abort() {
        channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.INTERNAL_ERROR));
    }

    @Override
    public RawConnection upgrade(int status, Headers headers) throws IOException {
        throw new UpgradeException(400, "HTTP/2 streams can't be upgraded");
    }
}
