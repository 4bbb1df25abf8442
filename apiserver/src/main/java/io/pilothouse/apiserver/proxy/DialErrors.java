package io.pilothouse.apiserver.proxy;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/** Why a connection failed, in the words that clients of the original know. */
final class DialErrors {
    private DialErrors() {}

    static String text(Exception cause, ProxyTarget target) {
        return switch (cause) {
            case UnknownHostException e -> "dial tcp: lookup " + target.host() + ": no such host";
            case NoRouteToHostException e -> "dial tcp " + address(target) + ": connect: no route to host";
            case ConnectException e -> "dial tcp " + address(target) + ": connect: connection refused";
            case SocketTimeoutException e -> "dial tcp " + address(target) + ": i/o timeout";
            case SSLException e
            when String.valueOf(e.getMessage()).startsWith("Unsupported or unrecognized SSL message") ->
                "http: server gave HTTP response to HTTPS client";
            case EOFException e -> "EOF";
            case IllegalArgumentException e -> "dial tcp: lookup tcp/" + target.port() + ": unknown port";
            default -> String.valueOf(cause.getMessage());
        };
    }

    private static String address(ProxyTarget target) {
        return new ProxyTarget(target.scheme(), target.host(), Integer.toString(target.portNumber()), false)
                .authority();
    }
}
