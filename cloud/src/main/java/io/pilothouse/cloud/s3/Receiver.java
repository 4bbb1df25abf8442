package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.sigv4.ChunkedBody;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Takes an upload's body to a file and checks everything that its sender gave to check it by. */
final class Receiver {
    private static final long MAX_BYTES = 5L << 30;

    private Receiver() {}

    /** What arrived. */
    record Received(long size, String md5Hex, Map<String, String> checksums) {}

    /** Receives into the file, which is gone again when anything is wrong. */
    static Received receive(S3Call s3, Path file) throws IOException {
        Set<String> wanted = new TreeSet<>();
        Digests.HEADERS.stream().filter(h -> s3.header(h).isPresent()).forEach(wanted::add);
        s3.header("x-amz-trailer")
                .map(t -> t.toLowerCase(Locale.ROOT).strip())
                .filter(Digests.HEADERS::contains)
                .ifPresent(wanted::add);
        Digests digests = new Digests(wanted);
        boolean good = false;
        try {
            long size = copy(s3, file, digests);
            Received received = new Received(size, "", Map.of());
            byte[] md5 = digests.md5();
            Map<String, String> checksums = digests.results();
            check(s3, received.size(), md5, checksums);
            ObjectStore.force(file);
            good = true;
            return new Received(size, HexFormat.of().formatHex(md5), checksums);
        } finally {
            if (!good) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static long copy(S3Call s3, Path file, Digests digests) throws IOException {
        long size = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = s3.request().body().open();
                OutputStream out = Files.newOutputStream(file)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                size += count;
                if (size > MAX_BYTES) {
                    throw new AwsException(
                            400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
                }
                digests.update(buffer, count);
                out.write(buffer, 0, count);
            }
        }
        return size;
    }

    private static void check(S3Call s3, long size, byte[] md5, Map<String, String> checksums) {
        s3.header("x-amz-decoded-content-length").ifPresent(length -> {
            if (!length.equals(String.valueOf(size))) {
                throw new AwsException(
                        400,
                        "IncompleteBody",
                        "You did not provide the number of bytes specified by the x-amz-decoded-content-length HTTP header");
            }
        });
        s3.header("content-md5").ifPresent(expected -> {
            if (!expected.equals(Base64.getEncoder().encodeToString(md5))) {
                throw new AwsException(
                        400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
            }
        });
        Map<String, String> trailers =
                s3.request().body() instanceof ChunkedBody chunked ? chunked.trailers() : Map.of();
        checksums.forEach((header, actual) -> {
            String expected = s3.header(header).orElseGet(() -> trailers.getOrDefault(header, ""));
            if (!expected.equals(actual)) {
                throw new AwsException(
                        400, "BadDigest", "The " + header + " you specified did not match what we received.");
            }
        });
    }
}
