package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.sigv4.SigV4;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The MD5 of an upload and the checksums that its sender asked to be verified, all in one pass. */
final class Digests {
    /** The checksum headers. */
    static final Set<String> HEADERS = Set.of(
            "x-amz-checksum-crc32",
            "x-amz-checksum-crc32c",
            "x-amz-checksum-crc64nvme",
            "x-amz-checksum-sha1",
            "x-amz-checksum-sha256");

    private final MessageDigest md5 = digest("MD5");
    private final Map<String, Checksum> checksums = new LinkedHashMap<>();
    private final Map<String, MessageDigest> hashes = new LinkedHashMap<>();

    /** Computes the MD5 and the checksums of those headers. */
    Digests(Set<String> wanted) {
        for (String header : wanted) {
            switch (header) {
                case "x-amz-checksum-crc32" -> checksums.put(header, new CRC32());
                case "x-amz-checksum-crc32c" -> checksums.put(header, new CRC32C());
                case "x-amz-checksum-crc64nvme" -> checksums.put(header, new Crc64Nvme());
                case "x-amz-checksum-sha1" -> hashes.put(header, digest("SHA-1"));
                case "x-amz-checksum-sha256" -> hashes.put(header, digest("SHA-256"));
                default -> throw new IllegalArgumentException(header);
            }
        }
    }

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String sha256Hex(String text) {
        return SigV4.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    void update(byte[] bytes, int length) {
        md5.update(bytes, 0, length);
        checksums.values().forEach(c -> c.update(bytes, 0, length));
        hashes.values().forEach(h -> h.update(bytes, 0, length));
    }

    byte[] md5() {
        return md5.digest();
    }

    /** The computed checksums, base64, by header. */
    Map<String, String> results() {
        Map<String, String> results = new LinkedHashMap<>();
        checksums.forEach((header, c) -> {
            boolean wide = header.endsWith("crc64nvme");
            ByteBuffer bytes = ByteBuffer.allocate(wide ? 8 : 4);
            if (wide) {
                bytes.putLong(c.getValue());
            } else {
                bytes.putInt((int) c.getValue());
            }
            results.put(header, Base64.getEncoder().encodeToString(bytes.array()));
        });
        hashes.forEach((header, h) -> results.put(header, Base64.getEncoder().encodeToString(h.digest())));
        return results;
    }
}
