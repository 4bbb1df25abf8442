package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events as lines of JSON in a file ({@code --audit-log-path}; {@code -} is the standard output). A file that has grown too large is set aside under
 * the time of day, and those set aside are removed by age and number.
 */
public final class AuditLogFile implements AuditSink {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLogFile.class);
    private static final long MEGABYTE = 1024 * 1024;
    private static final DateTimeFormatter BACKUP_TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /**
     * When files are set aside and removed.
     *
     * @param megabytes a file's size; 0 is 100
     * @param backups kept; 0 for all
     * @param days they are kept; 0 for ever
     * @param compress whether what is set aside is compressed
     */
    public record Rotation(int megabytes, int backups, int days, boolean compress) {}

    private final @Nullable Path file;
    private final Rotation rotation;
    private final Clock clock;
    private OutputStream out;
    private long written;

    private AuditLogFile(@Nullable Path file, Rotation rotation, Clock clock) throws IOException {
        this.file = file;
        this.rotation = rotation;
        this.clock = clock;
        this.out = file == null ? System.out : open(file);
        this.written = file == null ? 0 : Files.size(file);
    }

    /** @param path of a file, whose folder is made if it is missing, or {@code -} */
    public static AuditLogFile open(String path, Rotation rotation, Clock clock) throws IOException {
        return new AuditLogFile(path.equals("-") ? null : Path.of(path).toAbsolutePath(), rotation, clock);
    }

    private static OutputStream open(Path file) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        if (!Files.exists(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        return new FileOutputStream(file.toFile(), true);
    }

    @Override
    public synchronized void write(List<ObjectNode> events) throws IOException {
        for (var event : events) {
            byte[] line = Json.write(event);
            if (file != null && written > 0 && written + line.length + 1 > limit()) {
                rotate(file);
            }
            byte[] whole = new byte[line.length + 1];
            System.arraycopy(line, 0, whole, 0, line.length);
            whole[line.length] = '\n';
            out.write(whole);
            written += whole.length;
        }
        out.flush();
    }

    private long limit() {
        return (rotation.megabytes() == 0 ? 100 : rotation.megabytes()) * MEGABYTE;
    }

    private void rotate(Path present) throws IOException {
        out.close();
        var aside = present.resolveSibling(backupName(present));
        Files.move(present, aside);
        out = open(present);
        written = 0;
        if (rotation.compress()) {
            compress(aside);
        }
        removeOld(present);
    }

    private String backupName(Path present) {
        String name = present.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String stem = dot < 0 ? name : name.substring(0, dot);
        String extension = dot < 0 ? "" : name.substring(dot);
        return stem + "-" + BACKUP_TIME.format(clock.instant()) + extension;
    }

    private static void compress(Path aside) throws IOException {
        try (var zipped =
                new GZIPOutputStream(Files.newOutputStream(aside.resolveSibling(aside.getFileName() + ".gz")))) {
            Files.copy(aside, zipped);
        }
        Files.delete(aside);
    }

    private void removeOld(Path present) {
        String name = present.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String start = (dot < 0 ? name : name.substring(0, dot)) + "-";
        try (var siblings = Files.list(present.resolveSibling("."))) {
            var backups = siblings.filter(p -> p.getFileName().toString().startsWith(start))
                    .sorted(java.util.Comparator.comparing(
                                    (Path p) -> p.getFileName().toString())
                            .reversed())
                    .toList();
            var oldest = clock.instant().minus(Duration.ofDays(rotation.days()));
            for (int i = 0; i < backups.size(); i++) {
                boolean tooMany = rotation.backups() > 0 && i >= rotation.backups();
                boolean tooOld = rotation.days() > 0
                        && Files.getLastModifiedTime(backups.get(i)).toInstant().isBefore(oldest);
                if (tooMany || tooOld) {
                    Files.delete(backups.get(i));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).log("old audit logs are not removed");
        }
    }

    @Override
    public String name() {
        return "log";
    }

    @Override
    public synchronized void close() {
        try {
            if (file != null) {
                out.close();
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("the audit log was not closed in order");
        }
    }
}
