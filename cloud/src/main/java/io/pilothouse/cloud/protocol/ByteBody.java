package io.pilothouse.cloud.protocol;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

/** A body that is in memory. */
public final class ByteBody implements AwsRequest.Body {
    private final byte[] content;

    /** Takes ownership of the array. */
    public ByteBody(byte[] content) {
        this.content = content;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }

    @Override
    public byte[] bytes(int maxBytes) {
        if (content.length > maxBytes) {
            throw new AwsException(
                    413, "RequestEntityTooLarge", "The request's body is longer than " + maxBytes + " bytes.");
        }
        return content;
    }
}
