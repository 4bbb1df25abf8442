package io.pilothouse.apiserver.openapi;

import io.pilothouse.machinery.codec.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A document that is ready to be sent. Only its compressed bytes are kept; the protobuf form is made when it is first asked for. */
final class CompressedDocument {
    private final int version;
    private final String hash;
    private final Instant made;
    private final byte[] json;
    private byte @Nullable [] protobuf;

    private CompressedDocument(int version, String hash, Instant made, byte[] json) {
        this.version = version;
        this.hash = hash;
        this.made = made;
        this.json = json;
    }

    /** @param version of OpenAPI: 2 or 3 */
    static CompressedDocument of(byte[] json, int version, Instant now) {
        return new CompressedDocument(version, sha512(json), now, compress(json));
    }

    /** Says what was published: in upper-case hex, of the JSON form. */
    String hash() {
        return hash;
    }

    Instant made() {
        return made;
    }

    /** The document in gzip. */
    byte[] compressed(boolean asProtobuf) {
        return asProtobuf ? protobuf() : json;
    }

    byte[] plain(boolean asProtobuf) {
        return decompress(compressed(asProtobuf));
    }

    private synchronized byte[] protobuf() {
        byte[] known = protobuf;
        if (known == null) {
            known = compress(GnosticEncoder.encode(Json.tree(decompress(json)), version));
            protobuf = known;
        }
        return known;
    }

    private static String sha512(byte[] bytes) {
        try {
            return HexFormat.of()
                    .withUpperCase()
                    .formatHex(MessageDigest.getInstance("SHA-512").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-512", e);
        }
    }

    private static byte[] compress(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] decompress(byte[] bytes) {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
