package io.pilothouse.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** One exchange's use of an HTTP/1.1 connection. The plain fields belong to the event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel, and that is what is acted on
final class Http1Wire implements Wire {
    final BytePipe body;
    boolean keepAlive;
    boolean requestComplete;
    boolean responseDone;
    /** The client holds its body back for a 100 that was not sent: after another answer it may or may not send it. */
    boolean continueOwed;

    private final Http1Connection connection;
    private final HttpVersion version;
    private final Gate gate = new Gate();
    private final Lifeline lifeline = new Lifeline();

    Http1Wire(Http1Connection connection, BytePipe body, boolean keepAlive, HttpVersion version) {
        this.connection = connection;
        this.body = body;
        this.keepAlive = keepAlive;
        this.version = version;
    }

    @Override
    public Channel channel() {
        return connection.context().channel();
    }

    @Override
    public Gate gate() {
        return gate;
    }

    @Override
    public Lifeline lifeline() {
        return lifeline;
    }

    void sendContinue() {
        if (continueOwed && !responseDone && channel().isActive()) {
            continueOwed = false;
            channel()
                    .writeAndFlush(new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
        }
    }

    /** Always on the event loop. */
    @Override
    public void head(int status, Headers headers, long length, boolean end) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
        headers.forEach(response.headers()::add);
        boolean mayHaveBody = status >= 200 && status != 204 && status != 304;
        if (length >= 0) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
        } else if (mayHaveBody && !response.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
            if (version.minorVersion() == 0) {
                keepAlive = false; // the end of the connection is the end of the body
            } else {
                response.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        if (connection.core().draining()
                || (continueOwed && !requestComplete)
                || headers.hasToken("connection", "close")) {
            keepAlive = false;
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (version.minorVersion() == 0) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
        channel().write(response);
        if (end) {
            channel().write(LastHttpContent.EMPTY_LAST_CONTENT);
        }
    }

    @Override
    public Object data(ByteBuf content, boolean last) {
        return last ? new DefaultLastHttpContent(content) : new DefaultHttpContent(content);
    }

    @Override
    public void write(SharedBytes content, Runnable written) {
        channel().write(data(content.buffer(), false));
        written.run();
    }

    @Override
    public void flush() {
        channel().flush();
    }

    @Override
    public void done() {
        responseDone = true;
        lifeline.end();
        connection.responseDone(this);
    }

    @Override
    public void abort() {
        channel().close();
    }

    @Override
    public RawConnection upgrade(int status, Headers headers) throws IOException {
        FullHttpResponse response = new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.EMPTY_BUFFER);
        headers.forEach(response.headers()::add);
        CompletableFuture<RawConnection> done = new CompletableFuture<>();
        channel().eventLoop().execute(() -> {
            try {
                done.complete(connection.upgrade(this, response));
            } catch (UpgradeException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted during an upgrade", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UpgradeException refused) {
                throw refused;
            }
            throw new IOException("upgrade failed", e.getCause());
        }
    }
}
