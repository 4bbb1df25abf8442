package io.pilothouse.apiserver.aggregation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import javax.net.ssl.SSLException;

/** Says what keeps another server from being reached, in the words that upstream's clients know. */
final class ProxyErrors {
    private ProxyErrors() {}

    static String hostPort(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    static String text(IOException e) {
        return switch (e) {
            case NoRouteToHostException _ -> "connect: no route to host";
            case ConnectException _ -> "connect: connection refused";
            case SocketTimeoutException _ -> "context deadline exceeded";
            case SSLException tls -> "tls: failed to verify certificate: " + tls.getMessage();
            default -> String.valueOf(e.getMessage());
        };
    }

    static String text(IOException e, InetSocketAddress address) {
        return e instanceof ConnectException ? "dial tcp " + hostPort(address) + ": " + text(e) : text(e);
    }
}
