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

/** An exchange whose every answer carries what the filters found out, and whose status can be asked for afterwards. */
final class ObservedExchange implements Exchange {
    private final Exchange exchange;
    private final RequestContext context;
    private final boolean last;
    private int status;

    /** @param last whether the client is told to make a new connection for its next request */
    ObservedExchange(Exchange exchange, RequestContext context, boolean last) {
        this.last = last;
        this.exchange = exchange;
        this.context = context;
    }

    /** The status of the answer; 0 if there was none. */
    int status() {
        return status;
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
        exchange.respond(code, headers, pieces);
    }

    @Override
    public ResponseStream startStream(int code, Headers headers) throws IOException {
        answered(code, headers);
        return exchange.startStream(code, headers);
    }

    @Override
    public RawConnection switchProtocols(int code, Headers headers) throws IOException {
        answered(code, headers);
        return exchange.switchProtocols(code, headers);
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
        return exchange.responded();
    }

    @Override
    public void onDisconnect(Runnable action) {
        exchange.onDisconnect(action);
    }
}
