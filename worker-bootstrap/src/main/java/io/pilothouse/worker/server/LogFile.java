package io.pilothouse.worker.server;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** Reads a container's log as CRI runtimes write it: {@code TIME STREAM TAG CONTENT} a line, tag P for a line that goes on in the next. */
final class LogFile {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int CHUNK = 64 * 1024;
    private final Path file;

    LogFile(Path file) {
        this.file = file;
    }

    /**
     * Writes what is wanted, and with follow carries on until the container ended and all is written.
     *
     * @param running whether the container still writes
     */
    void copy(LogOptions options, OutputStream out, BooleanSupplier running) throws IOException, InterruptedException {
        long left = options.limitBytes() < 0 ? Long.MAX_VALUE : options.limitBytes();
        RandomAccessFile in = new RandomAccessFile(file.toFile(), "r");
        Object key = key();
        try {
            if (options.tailLines() >= 0) {
                in.seek(tail(in, options.tailLines()));
            }
            byte[] rest = new byte[0];
            boolean begins = true;
            while (left > 0) {
                boolean alive = options.follow() && running.getAsBoolean();
                byte[] chunk = new byte[CHUNK];
                int count = in.read(chunk);
                if (count <= 0) {
                    if (!alive) {
                        return;
                    }
                    out.flush();
                    if (Files.exists(file) && !key.equals(key())) { // set aside since: it goes on in a new one
                        in.close();
                        in = new RandomAccessFile(file.toFile(), "r");
                        key = key();
                    } else {
                        Thread.sleep(LOOK);
                    }
                    continue;
                }
                byte[] all = Arrays.copyOf(rest, rest.length + count);
                System.arraycopy(chunk, 0, all, rest.length, count);
                int from = 0;
                for (int i = 0; i < all.length && left > 0; i++) {
                    if (all[i] == '\n') {
                        byte[] line =
                                render(new String(all, from, i - from, StandardCharsets.ISO_8859_1), options, begins);
                        begins = !partial(all, from, i);
                        int size = (int) Math.min(left, line.length);
                        out.write(line, 0, size);
                        left -= size;
                        from = i + 1;
                    }
                }
                out.flush();
                rest = Arrays.copyOfRange(all, Math.min(from, all.length), all.length);
            }
        } finally {
            in.close();
        }
    }

    private Object key() throws IOException {
        Object inode = Files.getAttribute(file, "unix:ino");
        return inode == null ? "" : inode;
    }

    private static boolean partial(byte[] all, int from, int to) {
        String[] parts = new String(all, from, to - from, StandardCharsets.ISO_8859_1).split(" ", 4);
        return parts.length > 2 && parts[2].equals("P");
    }

    /** One line of the file as the client sees it; empty when it is not wanted. */
    static byte[] render(String line, LogOptions options, boolean begins) {
        String[] parts = line.split(" ", 4);
        if (parts.length < 3) {
            return new byte[0];
        }
        if (options.since().isPresent()) {
            try {
                if (java.time.OffsetDateTime.parse(parts[0])
                        .toInstant()
                        .isBefore(options.since().get())) {
                    return new byte[0];
                }
            } catch (DateTimeParseException e) {
                return new byte[0];
            }
        }
        String text = (options.timestamps() && begins ? parts[0] + " " : "")
                + (parts.length > 3 ? parts[3] : "")
                + (parts[2].equals("P") ? "" : "\n");
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Where the last lines begin. */
    private static long tail(RandomAccessFile in, long lines) throws IOException {
        long end = in.length();
        long seen = 0;
        byte[] chunk = new byte[CHUNK];
        for (long at = end; at > 0; ) {
            int size = (int) Math.min(CHUNK, at);
            at -= size;
            in.seek(at);
            in.readFully(chunk, 0, size);
            for (int i = size - 1; i >= 0; i--) {
                // The newline at the very end closes the last line.
                if (chunk[i] == '\n' && at + i != end - 1 && ++seen == lines) {
                    return at + i + 1;
                }
            }
        }
        return lines == 0 ? end : 0;
    }
}
