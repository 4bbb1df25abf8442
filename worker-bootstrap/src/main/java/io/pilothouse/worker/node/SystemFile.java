package io.pilothouse.worker.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small files that the kernel makes up as they are read. */
final class SystemFile {
    private static final int LONGEST = 64 << 10;

    private SystemFile() {}

    /**
     * The text of a file, without surrounding white space. The kernel answers the first read of a setting in /proc/sys only, so it has to be of
     * the whole; {@link Files#readString} begins with one byte where the size is unknown.
     */
    static String read(Path file) throws IOException {
        byte[] text = new byte[LONGEST];
        int length = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(text); n > 0; n = in.read(text, length, LONGEST - length)) {
                length += n;
            }
        }
        return new String(text, 0, length, StandardCharsets.UTF_8).strip();
    }
}
