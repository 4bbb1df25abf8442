package io.pilothouse.cloud.s3;

import io.pilothouse.cloud.protocol.AwsResponse;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A piece of a file as an answer's body. */
record FilePayload(Path file, long offset, long length) implements AwsResponse.Payload {
    @Override
    public void writeTo(OutputStream out) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(offset);
            byte[] buffer = new byte[1 << 16];
            for (long left = length; left > 0; ) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    throw new EOFException(file.toString());
                }
                out.write(buffer, 0, count);
                left -= count;
            }
        }
    }
}
