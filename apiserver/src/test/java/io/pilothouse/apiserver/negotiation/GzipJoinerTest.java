package io.pilothouse.apiserver.negotiation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipJoinerTest {
    private final Random random = new Random(9);

    /** Like the objects of a list: much of each is in the one before. */
    private byte[] text(int size) {
        var text = new StringBuilder("{\"name\":\"").append(random.nextInt()).append("\",\"data\":\"");
        for (int i = 0; text.length() < size; i++) {
            text.append("the same in every object, ").append(i * 7919).append(' ');
        }
        return text.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void joinsPartsThatWereCompressedApartAndAtOtherTimes() throws IOException {
        var texts = new ArrayList<byte[]>();
        var compressed = new ArrayList<byte[]>();
        // An empty one, and one larger than deflate can look back.
        int[] sizes = {700, 7_000, 7_000, 0, 100_000, 40};
        try (var earlier = new GzipJoiner()) {
            for (int size : sizes) {
                texts.add(size == 0 ? new byte[0] : text(size));
                compressed.add(
                        earlier.compressed(texts.size() == 1 ? null : texts.get(texts.size() - 2), texts.getLast()));
            }
        }
        var plain = new ByteArrayOutputStream();
        try (var joiner = new GzipJoiner()) {
            byte[] start = text(300);
            joiner.add(start);
            plain.writeBytes(start);
            for (int i = 0; i < texts.size(); i++) {
                // The first may not refer to anything, since it did not when it was compressed.
                joiner.addCompressed(compressed.get(i), texts.get(i));
                plain.writeBytes(texts.get(i));
            }
            joiner.add("the".getBytes(StandardCharsets.UTF_8), " end".getBytes(StandardCharsets.UTF_8));
            plain.writeBytes("the end".getBytes(StandardCharsets.UTF_8));
            var zipped = new ByteArrayOutputStream();
            for (byte[] piece : joiner.finish()) {
                zipped.writeBytes(piece);
            }
            assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.toByteArray())).readAllBytes())
                    .isEqualTo(plain.toByteArray());
        }
        assertThat(compressed.get(2).length).as("what the one before has too").isLessThan(200);
    }
}
