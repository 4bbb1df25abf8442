package io.pilothouse.cloud.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/**
 * An object's description.
 *
 * @param content the name of the file with its content
 * @param etag without quotes
 * @param headers the headers to give back: content-type, x-amz-meta-…, checksums
 */
public record StoredObject(
        String key, String content, long size, String etag, long modifiedMillis, Map<String, String> headers) {
    /** The order of listings. */
    static final Comparator<String> KEY_ORDER =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
}
