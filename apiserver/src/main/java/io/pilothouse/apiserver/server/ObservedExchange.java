package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.endpoint.RequestContext;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.RawConnection;
import io.pilothouse.http.ResponseStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An exchange whose every answer carries what the filters found out, whose status can be asked for afterwards, and which can be answered in its
 * handler's place when its time is over. For the handler's thread but where it says otherwise.
 */
final class ObservedExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(ObservedExchange.class);

    private final Exchange exchange;
    private final RequestContext context;
    private final boolean last;
    private final AtomicReference<Answerer> answerer = new AtomicReference<>(Answerer.NOBODY);
    private int status;
    private final AtomicLong sentBytes = new AtomicLong();

    private enum Answerer {
        NOBODY,
        HANDLER,
        TIMER
    }

    /** @param last whether the client is told to make a new connection for its next request */
    ObservedExchange(Exchange exchange, RequestContext context, boolean last) {
        this.last = last;
        this.exchange = exchange;
        this.context = context;
    }

    /**
     * Answers in the handler's place, or breaks its answer off where that has begun; what the handler answers afterwards goes nowhere. From
     * any thread; does not wait.
     *
     * @return whether an answer was broken off
     */
    boolean cut(int code, Headers headers, byte[] body) {
        if (!answerer.compareAndSet(Answerer.NOBODY, Answerer.TIMER)) {
            return exchange.abort();
        }
        try {
            exchange.respond(code, headers, body);
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a client went away before its time was over");
        }
        return false;
    }

    /** Whether the handler's answer is still wanted. */
    private boolean claim() {
        return answerer.compareAndSet(Answerer.NOBODY, Answerer.HANDLER) || answerer.get() == Answerer.HANDLER;
    }

    /** The status of the answer; 0 if there was none. */
    int status() {
        return status;
    }

    /** The bytes of the answer's body so far. */
    long sentBytes() {
        return sentBytes.get();
    }

    private void answered(int code, Headers headers) {
        status = code;
        context.answered(code, headers);
        if (last) {
            headers.set("connection", "close");
        }
    }

    @Override
    public void respond(int code, Headers headers, byte[]... pieces) throws IOException {
        answered(code, headers);
        if (claim()) {
            sent(pieces);
            exchange.respond(code, headers, pieces);
        }
    }

    @Override
    public ResponseStream startStream(int code, Headers headers) throws IOException {
        answered(code, headers);
        requireClaim();
        return new CountedStream(exchange.startStream(code, headers), sentBytes::addAndGet);
    }

    @Override
    public RawConnection switchProtocols(int code, Headers headers) throws IOException {
        answered(code, headers);
        requireClaim();
        return exchange.switchProtocols(code, headers);
    }

    private void sent(byte[]... pieces) {
        long length = 0;
        for (byte[] piece : pieces) {
            length += piece.length;
        }
        sentBytes.addAndGet(length);
    }

    private void requireClaim() throws IOException {
        if (!claim()) {
            throw new IOException("the request's time is over");
        }
    }

    @Override
    public boolean abort() {
        return exchange.abort();
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String rawPath() {
        return exchange.rawPath();
    }

    @Override
    public String rawQuery() {
        return exchange.rawQuery();
    }

    @Override
    public Headers headers() {
        return exchange.headers();
    }

    @Override
    public String protocol() {
        return exchange.protocol();
    }

    @Override
    public String scheme() {
        return exchange.scheme();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return exchange.remoteAddress();
    }

    @Override
    public InetSocketAddress localAddress() {
        return exchange.localAddress();
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return exchange.peerCertificates();
    }

    @Override
    public byte[] body(int maxBytes) throws IOException {
        byte[] body = exchange.body(maxBytes);
        context.body(body);
        return body;
    }

    @Override
    public InputStream bodyStream() {
        return exchange.bodyStream();
    }

    @Override
    public boolean responded() {
        return answerer.get() == Answerer.HANDLER && exchange.responded();
    }

    @Override
    public void onDisconnect(Runnable action) {
        exchange.onDisconnect(action);
    }
}
