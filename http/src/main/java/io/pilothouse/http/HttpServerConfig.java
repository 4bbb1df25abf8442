package io.pilothouse.http;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A server's configuration.
 *
 * @param bind the address to listen on; port 0 picks a free one
 * @param tls TLS, or empty for plain text
 * @param limits bounds
 * @param errors renders what no handler answered
 */
public record HttpServerConfig(
        InetSocketAddress bind, Optional<TlsConfig> tls, HttpLimits limits, ErrorRenderer errors) {
    /** Plain text with default limits. */
    public static HttpServerConfig of(InetSocketAddress bind) {
        return new HttpServerConfig(bind, Optional.empty(), HttpLimits.defaults(), ErrorRenderer.plainText());
    }

    /** The same with TLS. */
    public HttpServerConfig withTls(TlsConfig newTls) {
        return new HttpServerConfig(bind, Optional.of(newTls), limits, errors);
    }

    /** The same with other limits. */
    public HttpServerConfig withLimits(HttpLimits newLimits) {
        return new HttpServerConfig(bind, tls, newLimits, errors);
    }

    /** The same with another error renderer. */
    public HttpServerConfig withErrors(ErrorRenderer newErrors) {
        return new HttpServerConfig(bind, tls, limits, newErrors);
    }
}
