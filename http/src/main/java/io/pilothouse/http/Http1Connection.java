package io.pilothouse.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.pilothouse.http.RequestHead.ConnectionInfo;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 connection: one exchange at a time, pipelined requests wait. All state belongs to the event loop. The socket is read only
 * when something wants bytes; while an answer is being made one read is kept out, to notice that the peer left.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Http1Connection extends ChannelInboundHandlerAdapter implements ServerCore.Connection {
    /** How much of an unwanted body is read and dropped to keep the connection. */
    private static final long MAX_DISCARD = 1 << 20;

    private final ServerCore core;
    private final ConnectionInfo info;
    private final ArrayDeque<Object> pending = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private @Nullable Http1Wire current;
    private @Nullable Future<?> timer;
    private boolean waitingForFirstByte;
    private boolean readOut;
    private boolean demand;
    private boolean closing;
    private long discarded;

    Http1Connection(ServerCore core, ConnectionInfo info) {
        this.core = core;
        this.info = info;
    }

    ServerCore core() {
        return core;
    }

    ChannelHandlerContext context() {
        ChannelHandlerContext ctx = context;
        if (ctx == null) {
            throw new IllegalStateException("not yet in a pipeline");
        }
        return ctx;
    }

    /** Stands before the codec and starts the clock for a request's fields. */
    ChannelHandler firstByteObserver() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                if (waitingForFirstByte) {
                    waitingForFirstByte = false;
                    startTimer(core.limits().headerTimeout(), () -> reject(408, "Request Timeout"));
                }
                ctx.fireChannelRead(message);
            }
        };
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.channel().config().setAutoRead(false);
        ctx.channel().closeFuture().addListener(closed -> core.closed(this));
        startTimer(core.limits().headerTimeout(), () -> reject(408, "Request Timeout"));
        core.opened(this);
        maybeRead();
    }

    private void startTimer(Duration after, Runnable action) {
        stopTimer();
        timer = context().executor().schedule(action, after.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (closing) {
            ReferenceCountUtil.release(message);
        } else if (!pending.isEmpty() || (current != null && current.requestComplete)) {
            pending.add(message);
        } else {
            accept(message);
        }
    }

    private void accept(Object message) {
        try {
            if (message instanceof HttpRequest request) {
                begin(request);
            }
            if (message instanceof HttpContent content && current != null) {
                content(current, content);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(HttpRequest request) {
        stopTimer();
        waitingForFirstByte = false;
        if (request.decoderResult().isFailure()) {
            boolean tooLong = request.decoderResult().cause() instanceof TooLongHttpHeaderException
                    || request.decoderResult().cause() instanceof TooLongHttpLineException;
            reject(tooLong ? 431 : 400, tooLong ? "Request Header Fields Too Large" : "Bad Request");
            return;
        }
        Headers headers = new Headers();
        request.headers().forEach(field -> headers.add(field.getKey(), field.getValue()));
        HttpVersion version = request.protocolVersion();
        if (version.majorVersion() != 1) {
            reject(505, "HTTP Version Not Supported");
        } else if (version.minorVersion() == 1 && headers.all("host").size() != 1) {
            reject(400, "Bad Request: missing or repeated Host header");
        } else if (!core.tryEnter()) {
            reject(503, "too many requests in flight");
        } else {
            RequestHead head = RequestHead.of(request.method().name(), request.uri(), version.text(), headers, info);
            BytePipe body = new BytePipe(
                    () -> context().executor().execute(this::demandBody),
                    core.limits().stallTimeout());
            Http1Wire wire = new Http1Wire(this, body, HttpUtil.isKeepAlive(request), version);
            current = wire;
            discarded = 0;
            wire.continueOwed = HttpUtil.is100ContinueExpected(request);
            core.run(new NettyExchange(
                    core, wire, head, body, () -> context().executor().execute(wire::sendContinue)));
        }
    }

    private void content(Http1Wire wire, HttpContent content) {
        if (content.decoderResult().isFailure()) {
            wire.keepAlive = false;
            wire.requestComplete = true;
            wire.body.fail(new MalformedRequestException("malformed request body"));
        } else if (wire.responseDone) {
            discarded += content.content().readableBytes();
        } else {
            wire.body.offer(ByteBufUtil.getBytes(content.content()));
        }
        if (content instanceof LastHttpContent) {
            wire.requestComplete = true;
            wire.body.end();
        }
        if (wire.responseDone) {
            if (discarded > MAX_DISCARD) {
                lingeringClose();
            } else if (wire.requestComplete) {
                next();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        readOut = false;
        maybeRead();
    }

    private void demandBody() {
        demand = true;
        maybeRead();
    }

    private void maybeRead() {
        if (readOut || closing) {
            return;
        }
        Http1Wire wire = current;
        boolean wanted = wire == null || (wire.requestComplete ? pending.isEmpty() : demand || wire.responseDone);
        if (wanted) {
            demand = false;
            readOut = true;
            context().read();
        }
    }

    /** The current answer is written. */
    void responseDone(Http1Wire wire) {
        if (wire != current || closing) {
            return;
        }
        if (!wire.keepAlive) {
            lingeringClose();
        } else if (wire.requestComplete) {
            next();
        } else {
            startTimer(core.limits().headerTimeout(), this::lingeringClose);
            maybeRead();
        }
    }

    private void next() {
        stopTimer();
        current = null;
        if (core.draining()) {
            lingeringClose();
            return;
        }
        while (!pending.isEmpty() && !closing && (current == null || !current.requestComplete)) {
            accept(pending.remove());
        }
        if (current == null && !closing) {
            waitingForFirstByte = true;
            startTimer(core.limits().idleTimeout(), () -> context().close());
        }
        maybeRead();
    }

    /** Answers without a handler, and closes. */
    private void reject(int status, String message) {
        if (closing) {
            return;
        }
        ErrorRenderer.Rendered rendered = core.errors().render(status, message);
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(rendered.body()));
        rendered.headers().forEach(response.headers()::add);
        response.headers().set(HttpHeaderNames.CONNECTION, "close");
        HttpUtil.setContentLength(response, rendered.body().length);
        context().write(response);
        lingeringClose();
    }

    /** Closes so that the peer can still read the answer: with bytes unread a plain close would reset the connection. */
    void lingeringClose() {
        if (closing) {
            return;
        }
        closing = true;
        stopTimer();
        ChannelHandlerContext ctx = context();
        boolean allRead = current == null || current.requestComplete;
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(flushed -> {
            if (!flushed.isSuccess() || (allRead && current != null)) {
                ctx.close();
                return;
            }
            LingeringClose.endOutput(ctx, ctx.newPromise());
        });
    }

    /** On the event loop: takes HTTP out of the pipeline. */
    NettyRawConnection upgrade(Http1Wire wire, FullHttpResponse response) throws UpgradeException {
        if (wire != current || !wire.requestComplete || !pending.isEmpty() || closing) {
            response.release();
            throw new UpgradeException(400, "the request can't be upgraded");
        }
        ChannelHandlerContext ctx = context();
        stopTimer();
        closing = true; // for this handler: nothing more is ours
        NettyRawConnection raw =
                new NettyRawConnection(ctx.channel(), wire, core.limits().stallTimeout());
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        ctx.pipeline().addLast(raw.handler());
        ctx.pipeline().remove(HttpServerCodec.class); // hands on what it had not decoded
        ctx.pipeline().remove(this);
        ctx.channel().read();
        return raw;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null) {
            current.gate().signal();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closing = true;
        stopTimer();
        pending.forEach(ReferenceCountUtil::release);
        pending.clear();
        if (current != null) {
            // First: whoever fails by the others looks here whether that is the client's doing.
            current.lifeline().cut();
            current.body.fail(new ClosedChannelException());
            current.gate().signal();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }

    @Override
    public void drain() {
        context().executor().execute(() -> {
            if (current == null && !context().isRemoved()) {
                lingeringClose();
            }
        });
    }

    @Override
    public void kill() {
        context().channel().close();
    }
}
