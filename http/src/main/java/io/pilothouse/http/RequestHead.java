package io.pilothouse.http;

import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;

/** A request without its body, and where it came from. */
record RequestHead(
        String method, String path, String query, String protocol, Headers headers, ConnectionInfo connection) {
    /** What all requests of a connection share. */
    record ConnectionInfo(
            String scheme, InetSocketAddress remote, InetSocketAddress local, List<X509Certificate> peerCertificates) {}

    /** Splits a request target (RFC 9112 section 3.2): the absolute form loses its scheme and authority. */
    static RequestHead of(String method, String target, String protocol, Headers headers, ConnectionInfo connection) {
        String rest = target;
        if (!rest.startsWith("/")) {
            int authority = rest.indexOf("://");
            if (authority > 0) {
                int slash = rest.indexOf('/', authority + 3);
                rest = slash < 0 ? "/" : rest.substring(slash);
            }
        }
        int question = rest.indexOf('?');
        return question < 0
                ? new RequestHead(method, rest, "", protocol, headers, connection)
                : new RequestHead(
                        method,
                        rest.substring(0, question),
                        rest.substring(question + 1),
                        protocol,
                        headers,
                        connection);
    }
}
