package io.pilothouse.controlplane.endpoint;

import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Asks an API server over verified TLS whether it is ready. Safe for many threads. */
public final class Prober {
    private final SSLSocketFactory sockets;
    private final int timeoutMillis;

    /** What a probe found: whether the server answered in time at all, and whether it is ready. */
    public record Result(boolean answered, boolean ready) {}

    /** @param authority PEM file of the authority that signed the servers' certificates */
    public Prober(Path authority, int timeoutMillis) throws IOException {
        this.sockets = ClientTls.trusting(Pem.certificates(authority)).context().getSocketFactory();
        this.timeoutMillis = timeoutMillis;
    }

    /** {@code GET /readyz}. */
    public Result probe(InetSocketAddress address) {
        try (Socket plain = new Socket()) {
            plain.connect(address, timeoutMillis);
            plain.setSoTimeout(timeoutMillis);
            String host = address.getAddress().getHostAddress();
            try (SSLSocket socket = (SSLSocket) sockets.createSocket(plain, host, address.getPort(), true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.getOutputStream()
                        .write(("GET /readyz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                String status = new BufferedReader(
                                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                        .readLine();
                return new Result(status != null, status != null && status.startsWith("HTTP/1.1 200"));
            }
        } catch (IOException e) {
            return new Result(false, false);
        }
    }
}
