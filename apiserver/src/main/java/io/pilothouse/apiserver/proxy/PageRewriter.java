package io.pilothouse.apiserver.proxy;

import io.pilothouse.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * A page of HTML whose links are rewritten, out of its content encoding and back into it.
 *
 * @param content decoded
 * @param encoding gzip, deflate or none
 */
record PageRewriter(byte[] content, String encoding) {
    /** A longer page is not one that a person reads. */
    private static final int LIMIT = 16 * 1024 * 1024;

    static boolean applies(Headers headers) {
        String type = headers.first("content-type").orElse("").split(";", 2)[0].strip();
        return type.equals("text/html")
                && switch (headers.first("content-encoding").orElse("")) {
                    case "", "gzip", "deflate" -> longest(headers) <= LIMIT;
                    default -> false;
                };
    }

    private static long longest(Headers headers) {
        String length = headers.first("content-length").orElse("0");
        return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : Long.MAX_VALUE;
    }

    /** @throws IOException if it cannot be read, or is too long to be rewritten */
    static Optional<PageRewriter> read(InputStream body, String encoding) throws IOException {
        byte[] raw = body.readNBytes(LIMIT + 1);
        if (raw.length == 0) {
            return Optional.empty();
        }
        var wire = new ByteArrayInputStream(raw);
        byte[] content = switch (encoding) {
            case "gzip" -> new GZIPInputStream(wire).readNBytes(LIMIT + 1);
            case "deflate" -> new InflaterInputStream(wire, new Inflater(true)).readNBytes(LIMIT + 1);
            default -> raw;
        };
        if (content.length > LIMIT) {
            throw new IOException("a page of more than " + LIMIT + " bytes");
        }
        return Optional.of(new PageRewriter(content, encoding));
    }

    byte[] rewritten(UnaryOperator<String> links) throws IOException {
        byte[] page = HtmlLinks.rewrite(new String(content, StandardCharsets.ISO_8859_1), links)
                .getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream(page.length);
        try (OutputStream encoder = switch (encoding) {
            case "gzip" -> new GZIPOutputStream(out);
            case "deflate" -> new DeflaterOutputStream(out, new Deflater(Deflater.BEST_COMPRESSION, true));
            default -> out;
        }) {
            encoder.write(page);
        }
        return out.toByteArray();
    }
}
