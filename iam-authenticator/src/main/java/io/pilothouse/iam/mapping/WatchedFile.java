package io.pilothouse.iam.mapping;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file's parsed content, read again when the file has changed (another inode, size or time). A file that cannot be read or parsed
 * leaves the last good content; a missing one is empty. Safe for many threads.
 */
public final class WatchedFile<T> {
    private static final Logger log = LoggerFactory.getLogger(WatchedFile.class);
    private final Path path;
    private final Parser<T> parser;
    private final T empty;
    private T content;
    private String stamp = "";

    /** Turns a file's bytes into its content. */
    public interface Parser<T> {
        /** May throw IllegalArgumentException or IOException when the content is bad. */
        T parse(byte[] bytes) throws IOException;
    }

    /** Reads nothing yet. */
    public WatchedFile(Path path, Parser<T> parser, T empty) {
        this.path = path;
        this.parser = parser;
        this.empty = empty;
        this.content = empty;
    }

    /** The content as of now. */
    public synchronized T content() {
        try {
            BasicFileAttributes a = Files.readAttributes(path, BasicFileAttributes.class);
            String now = a.fileKey() + " " + a.size() + " " + a.lastModifiedTime();
            if (!now.equals(stamp)) {
                stamp = now;
                content = parser.parse(Files.readAllBytes(path));
            }
        } catch (NoSuchFileException e) {
            stamp = "";
            content = empty;
        } catch (IOException | IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("error", e.getMessage())
                    .log("keeps the last good content");
        }
        return content;
    }
}
