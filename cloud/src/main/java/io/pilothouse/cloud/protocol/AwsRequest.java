package io.pilothouse.cloud.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request to an AWS-compatible endpoint, exactly as the client sent it: path and query stay undecoded because signatures cover them.
 *
 * @param rawPath the path as sent, still percent-encoded
 * @param rawQuery the query as sent without the question mark; empty when there was none
 * @param headers values by lower-case name, in the order received
 * @param remoteAddress the peer's IP address, in literal form
 */
public record AwsRequest(
        String method,
        String rawPath,
        String rawQuery,
        Map<String, List<String>> headers,
        Body body,
        String remoteAddress) {

    public AwsRequest {
        headers = Map.copyOf(headers);
    }

    /** The first value of a header. */
    public Optional<String> header(String lowerCaseName) {
        List<String> values = headers.get(lowerCaseName);
        return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** The Host header, or the empty string. */
    public String host() {
        return header("host").orElse("");
    }

    /** The query's parameters, decoded, in order. */
    public List<UriCodec.Pair> queryParams() {
        return UriCodec.parseQuery(rawQuery);
    }

    /** The first decoded query parameter of that name. */
    public Optional<String> queryParam(String name) {
        return queryParams().stream()
                .filter(p -> p.name().equals(name))
                .map(UriCodec.Pair::value)
                .findFirst();
    }

    /** The request with another body in the place of its own. */
    public AwsRequest withBody(Body other) {
        return new AwsRequest(method, rawPath, rawQuery, headers, other, remoteAddress);
    }

    /** A request body that is read at most once as a stream, or any number of times as bytes. */
    public interface Body {
        /** The stream of the body; the caller closes it. */
        InputStream open() throws IOException;

        /**
         * The whole body.
         *
         * @throws AwsException when it is longer than {@code maxBytes} (413)
         */
        byte[] bytes(int maxBytes) throws IOException;
    }
}
