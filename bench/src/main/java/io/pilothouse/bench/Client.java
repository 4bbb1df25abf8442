package io.pilothouse.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** An administrator's client with an HTTP/2 connection of its own, for any number of threads. */
final class Client implements AutoCloseable {
    private final URI address;
    private final Duration most;
    private final HttpClient http;

    /**
     * Connects with the first request.
     *
     * @param address of the server
     * @param most that a request may take
     */
    Client(URI address, Duration most) {
        this.address = address;
        this.most = most;
        http = HttpClient.newBuilder().sslContext(trustingAll()).build();
    }

    /** The server makes its own certificate for the run: there is nobody to vouch for it. */
    private static SSLContext trustingAll() {
        var anybody = new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        };
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {anybody}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> request(String method, String path, String type, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address.resolve(path))
                .timeout(most)
                .header("Authorization", "Bearer " + ServerUnderTest.TOKEN)
                .header("Content-Type", type)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** Whether a GET is answered with 200. */
    boolean answers(String path) throws IOException, InterruptedException {
        return request("GET", path, "text/plain", "").statusCode() == 200;
    }

    /** Asks with a body in JSON where there is one, and takes nothing but success. */
    String succeed(String method, String path, String body) throws IOException, InterruptedException {
        return body(request(method, path, "application/json", body), path);
    }

    /** Merges a change into an object. */
    void merge(String path, String change) throws IOException, InterruptedException {
        body(request("PATCH", path, "application/merge-patch+json", change), path);
    }

    private static String body(HttpResponse<String> answer, String path) throws IOException {
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return answer.body();
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
