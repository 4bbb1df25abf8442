package io.pilothouse.http.spdy;

import io.pilothouse.http.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Header compression of SPDY/3 (draft 3.1, section 2.6.10): one zlib stream a direction with a preset dictionary. Not thread safe. */
final class HeaderBlocks implements AutoCloseable {
    private static final int MAX_BYTES = 64 * 1024;
    private final byte[] dictionary;
    private final Deflater deflater = new Deflater();
    private final Inflater inflater = new Inflater();

    HeaderBlocks() {
        try (InputStream in = HeaderBlocks.class.getResourceAsStream("dictionary.bin")) {
            if (in == null) {
                throw new IllegalStateException("the SPDY dictionary is missing");
            }
            dictionary = in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("the SPDY dictionary can't be read", e);
        }
        deflater.setDictionary(dictionary);
    }

    byte[] encode(Headers headers) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(plain);
        out.writeInt(headers.size());
        headers.forEach((name, value) -> {
            text(out, name.toLowerCase(Locale.ROOT));
            text(out, value);
        });
        deflater.setInput(plain.toByteArray());
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        byte[] buffer = new byte[1024];
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            packed.write(buffer, 0, count);
        } while (count == buffer.length);
        return packed.toByteArray();
    }

    private static void text(DataOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            out.writeInt(bytes.length);
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("memory refused a write", e);
        }
    }

    Headers decode(byte[] packed) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(inflate(packed)));
        Headers headers = new Headers();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            String name = text(in);
            // Several values of a name stand in one field, parted by NUL.
            for (String value : text(in).split("\0", -1)) {
                headers.add(name, value);
            }
        }
        return headers;
    }

    private static String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("malformed SPDY header block");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] inflate(byte[] packed) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        inflater.setInput(packed);
        try {
            while (true) {
                int count = inflater.inflate(buffer);
                plain.write(buffer, 0, count);
                if (plain.size() > MAX_BYTES) {
                    throw new IOException("SPDY header block is too long");
                }
                if (count == 0) {
                    if (!inflater.needsDictionary()) {
                        return plain.toByteArray();
                    }
                    inflater.setDictionary(dictionary);
                }
            }
        } catch (DataFormatException | IllegalArgumentException e) {
            throw new IOException("malformed SPDY header block", e);
        }
    }

    @Override
    public void close() {
        deflater.end();
        inflater.end();
    }
}
