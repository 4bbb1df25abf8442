package io.pilothouse.cloud.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a service answers. */
public record AwsResponse(int status, Map<String, String> headers, Payload payload) {

    public AwsResponse {
        headers = Map.copyOf(headers);
    }

    /** A body of known length. */
    public interface Payload {
        /** Its length in bytes. */
        long length();

        /** Writes exactly {@link #length()} bytes. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** An answer with a text body. */
    public static AwsResponse text(int status, String contentType, String body) {
        return bytes(status, Map.of("content-type", contentType), body.getBytes(StandardCharsets.UTF_8));
    }

    /** An answer with a body in memory. */
    public static AwsResponse bytes(int status, Map<String, String> headers, byte[] body) {
        return new AwsResponse(status, headers, new BytePayload(body));
    }

    /** An answer without a body. */
    public static AwsResponse empty(int status, Map<String, String> headers) {
        return bytes(status, headers, new byte[0]);
    }

    /** The same answer with one header more. */
    public AwsResponse withHeader(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(name, value);
        return new AwsResponse(status, all, payload);
    }

    private static final class BytePayload implements Payload {
        private final byte[] content;

        BytePayload(byte[] content) {
            this.content = content;
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(content);
        }
    }
}
