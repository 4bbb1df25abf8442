package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.ContainerRuntime;
import io.pilothouse.worker.cri.ContainerRuntime.Container;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;

/** Files that containers write about themselves: logs, kept within bounds as the kubelet does, and termination messages. */
final class ContainerLogs {
    private static final long MAX_BYTES = 10L << 20;
    private static final int MAX_FILES = 5;
    private static final int MESSAGE_BYTES = 4096;
    private static final int FALLBACK_BYTES = 2048;
    private static final int FALLBACK_LINES = 80;

    private ContainerLogs() {}

    /** Sets a log aside that has grown long, and forgets the oldest ones. */
    static void rotate(ContainerRuntime runtime, Container run, Clock clock) throws IOException {
        Path file = Path.of(run.logPath());
        if (run.state() != ContainerRuntime.State.RUNNING || !Files.exists(file) || Files.size(file) < MAX_BYTES) {
            return;
        }
        Files.move(
                file, file.resolveSibling(file.getFileName() + "." + clock.millis()), StandardCopyOption.ATOMIC_MOVE);
        runtime.reopenLog(run.id());
        List<Path> old = rotated(file);
        for (Path one : old.subList(0, Math.max(0, old.size() - (MAX_FILES - 1)))) {
            Files.deleteIfExists(one);
        }
    }

    private static List<Path> rotated(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(p -> p.getFileName().toString().startsWith(file.getFileName() + "."))
                    .sorted()
                    .toList();
        }
    }

    /** Removes a run's log with what was set aside of it. */
    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        for (Path old : rotated(file)) {
            Files.deleteIfExists(old);
        }
    }

    /** Where a run's termination message is. */
    static Path messageFile(Path home, String container, int attempt) {
        return home.resolve("messages").resolve(container + "-" + attempt);
    }

    /** What a run that ended said last: in its file, or where that is wanted and it failed, at the end of its log. */
    static String message(JsonNode pod, Path home, Container run) {
        try {
            String text = "";
            try {
                byte[] bytes = Files.readAllBytes(messageFile(home, run.name(), run.attempt()));
                text = new String(bytes, 0, Math.min(bytes.length, MESSAGE_BYTES), StandardCharsets.UTF_8);
            } catch (NoSuchFileException e) {
                // The pod's files are gone already.
            }
            boolean fallback = text.isEmpty()
                    && run.exitCode() != 0
                    && Pods.container(pod, run.name())
                            .map(c ->
                                    c.path("terminationMessagePolicy").asText().equals("FallbackToLogsOnError"))
                            .orElse(false);
            return fallback ? tail(Path.of(run.logPath())) : text;
        } catch (IOException e) {
            return "";
        }
    }

    private static String tail(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long from = Math.max(0, in.length() - FALLBACK_BYTES * 4L);
            byte[] bytes = new byte[(int) (in.length() - from)];
            in.seek(from);
            in.readFully(bytes);
            List<String> lines = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .map(l -> l.split(" ", 4))
                    .filter(p -> p.length > 2)
                    .map(p -> p.length > 3 ? p[3] : "")
                    .toList();
            String text =
                    String.join("\n", lines.subList(Math.max(0, lines.size() - FALLBACK_LINES), lines.size())) + "\n";
            return text.length() > FALLBACK_BYTES ? text.substring(text.length() - FALLBACK_BYTES) : text;
        }
    }
}
