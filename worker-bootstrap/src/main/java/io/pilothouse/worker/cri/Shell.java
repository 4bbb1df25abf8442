package io.pilothouse.worker.cri;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs the system's programs. */
public final class Shell {
    private static final int SECONDS = 120;

    private Shell() {}

    /**
     * Runs a program to its end.
     *
     * @return what it wrote
     * @throws IOException with what it wrote when it fails
     */
    public static String run(Map<String, String> environment, String... command) throws IOException {
        return feed("", environment, command);
    }

    /** The same with an input. */
    public static String feed(String input, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " does not end");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output.strip());
        }
        return output;
    }

    /** Whether a program succeeds. */
    public static boolean succeeds(String... command) {
        try {
            run(Map.of(), command);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** A program on PATH, or where system programs are. */
    public static Optional<Path> find(String program) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/sbin:/usr/sbin:/sbin";
        List<String> folders = Arrays.asList(path.split(":", -1));
        return folders.stream()
                .filter(f -> !f.isEmpty())
                .map(f -> Path.of(f, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
