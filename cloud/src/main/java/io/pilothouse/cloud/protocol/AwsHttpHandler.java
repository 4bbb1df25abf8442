package io.pilothouse.cloud.protocol;

import io.pilothouse.http.BodyTooLargeException;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Handler;
import io.pilothouse.http.Headers;
import io.pilothouse.http.ResponseStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Puts the endpoint on an HTTP server. */
public final class AwsHttpHandler implements Handler {
    private static final long MAX_IN_MEMORY = 32 << 20;
    private final AwsEndpoint endpoint;

    /** Serves that endpoint. */
    public AwsHttpHandler(AwsEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        send(exchange, endpoint.handle(request(exchange)));
    }

    /** The exchange's request as the services see it. */
    public static AwsRequest request(Exchange exchange) {
        Map<String, List<String>> headers = new HashMap<>();
        exchange.headers()
                .forEach((name, value) -> headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                        .add(value));
        return new AwsRequest(
                exchange.method(),
                exchange.rawPath(),
                exchange.rawQuery(),
                headers,
                new ExchangeBody(exchange),
                exchange.remoteAddress().getAddress().getHostAddress());
    }

    /** Sends an answer. */
    public static void send(Exchange exchange, AwsResponse response) throws IOException {
        Headers headers = new Headers();
        response.headers().forEach(headers::add);
        AwsResponse.Payload payload = response.payload();
        boolean head = exchange.method().equals("HEAD");
        if (!head && payload.length() <= MAX_IN_MEMORY) {
            ByteArrayOutputStream out = new ByteArrayOutputStream((int) payload.length());
            payload.writeTo(out);
            exchange.respond(response.status(), headers, out.toByteArray());
            return;
        }
        if (head) {
            headers.set("content-length", String.valueOf(payload.length()));
        }
        try (ResponseStream stream = exchange.startStream(response.status(), headers)) {
            if (!head) {
                payload.writeTo(new StreamOutput(stream));
            }
        }
    }

    private static final class StreamOutput extends OutputStream {
        private final ResponseStream stream;

        StreamOutput(ResponseStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int b) throws IOException {
            stream.write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            byte[] copy = new byte[length];
            System.arraycopy(buffer, offset, copy, 0, length);
            stream.write(copy);
        }
    }

    /** The wire's body; its bytes are kept once read, since the signature and the service both want them. */
    private static final class ExchangeBody implements AwsRequest.Body {
        private final Exchange exchange;
        private byte @org.jspecify.annotations.Nullable [] content;

        ExchangeBody(Exchange exchange) {
            this.exchange = exchange;
        }

        @Override
        public InputStream open() {
            return content == null ? exchange.bodyStream() : new ByteBody(content).open();
        }

        @Override
        public byte[] bytes(int maxBytes) throws IOException {
            byte[] read = content;
            if (read == null) {
                try {
                    read = exchange.body(maxBytes);
                } catch (BodyTooLargeException e) {
                    throw new AwsException(
                            413,
                            "RequestEntityTooLarge",
                            "The request's body is longer than " + maxBytes + " bytes.",
                            e);
                }
                content = read;
            }
            return new ByteBody(read).bytes(maxBytes);
        }
    }
}
