package io.pilothouse.cloud.sigv4;

import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.Protocol;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A body whose SHA-256 the client signed: reading to its end fails when the hash differs. */
final class HashedBody implements AwsRequest.Body {
    private final AwsRequest.Body body;
    private final String expected;

    HashedBody(AwsRequest.Body body, String expected) {
        this.body = body;
        this.expected = expected;
    }

    @Override
    public InputStream open() throws IOException {
        return new Checking(body.open(), expected);
    }

    @Override
    public byte[] bytes(int maxBytes) throws IOException {
        byte[] all = body.bytes(maxBytes);
        if (!SigV4.sameSignature(SigV4.hash(all), expected)) {
            throw mismatch();
        }
        return all;
    }

    private static AwsException mismatch() {
        return new SignatureFailure(
                        SignatureFailure.Kind.PAYLOAD,
                        "The provided 'x-amz-content-sha256' header does not match what was computed.")
                .render(Protocol.S3);
    }

    private static final class Checking extends FilterInputStream {
        private final MessageDigest digest = SigV4.sha256();
        private final String expected;

        Checking(InputStream in, String expected) {
            super(in);
            this.expected = expected;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = super.read(buffer, offset, length);
            if (count > 0) {
                digest.update(buffer, offset, count);
            } else if (count < 0 && !SigV4.sameSignature(HexFormat.of().formatHex(digest.digest()), expected)) {
                throw mismatch();
            }
            return count;
        }
    }
}
