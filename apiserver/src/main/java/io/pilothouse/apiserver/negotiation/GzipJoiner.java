package io.pilothouse.apiserver.negotiation;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Makes one gzip stream (RFC 1952) of parts that were compressed apart. Each part ends on a byte (RFC 1951, an empty stored block) and may refer
 * to the text before it; so a part that follows the same text again needs no second compression. For one thread.
 */
public final class GzipJoiner implements AutoCloseable {
    private static final byte[] HEADER = {0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 4, (byte) 0xff};
    /** An empty last block. */
    private static final byte[] END = {3, 0};

    private static final int WINDOW = 32 * 1024;

    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private final CRC32 checksum = new CRC32();
    private final List<byte[]> out = new ArrayList<>();
    private final byte[] buffer = new byte[16 * 1024];
    private long length;

    public GzipJoiner() {
        out.add(HEADER);
    }

    /** Text that is compressed now. */
    public void add(byte[]... text) {
        addCompressed(compressed(null, text), text);
    }

    /**
     * Text that was compressed before.
     *
     * @param compressed by {@link #compressed}, after the text that was added last
     */
    public void addCompressed(byte[] compressed, byte[]... text) {
        for (byte[] piece : text) {
            checksum.update(piece);
            length += piece.length;
        }
        out.add(compressed);
    }

    /**
     * A part of a stream.
     *
     * @param before the end of the text before it, to which it may refer; null where that is not known
     */
    public byte[] compressed(byte @Nullable [] before, byte[]... text) {
        deflater.reset();
        if (before != null) {
            int known = Math.min(before.length, WINDOW);
            deflater.setDictionary(before, before.length - known, known);
        }
        var part = new ByteArrayOutputStream(512);
        for (byte[] piece : text) {
            deflater.setInput(piece);
            while (!deflater.needsInput()) {
                part.write(buffer, 0, deflater.deflate(buffer, 0, buffer.length, Deflater.NO_FLUSH));
            }
        }
        int count;
        do {
            count = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
            part.write(buffer, 0, count);
        } while (count == buffer.length);
        return part.toByteArray();
    }

    /** The whole stream; nothing may be added after. */
    public byte[][] finish() {
        out.add(END);
        out.add(ByteBuffer.allocate(2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt((int) checksum.getValue())
                .putInt((int) length)
                .array());
        return out.toArray(byte[][]::new);
    }

    @Override
    public void close() {
        deflater.end();
    }
}
