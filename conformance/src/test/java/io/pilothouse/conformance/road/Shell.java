package io.pilothouse.conformance.road;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Runs what a user would type, by bash, at the root of the checkout. Safe for many threads.
 *
 * @param home the checkout
 * @param environment more variables
 * @param sourced a file to source before each command; nothing happens when it is not there
 */
record Shell(Path home, Map<String, String> environment, Path sourced) {
    /** How a command ended, and what it printed to both of its outputs. */
    record Result(int code, String output) {
        boolean ok() {
            return code == 0;
        }
    }

    /** Runs a command; one that takes longer is killed. */
    Result run(String command, Duration limit) {
        try {
            var process = start(command);
            var output = CompletableFuture.supplyAsync(() -> read(process));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("no end after " + limit.toSeconds() + " s: " + command + "\n" + output.get());
            }
            return new Result(process.exitValue(), output.get());
        } catch (InterruptedException | ExecutionException | IOException e) {
            throw new AssertionError(command, e);
        }
    }

    /** Runs a command that has to succeed, within a minute and a half; what it printed, without surrounding white space. */
    String succeed(String command) {
        var result = run(command, Duration.ofSeconds(90));
        if (!result.ok()) {
            throw new AssertionError("exit code " + result.code() + ": " + command + "\n" + result.output());
        }
        return result.output().strip();
    }

    /** Starts a command that goes on; the caller ends it. */
    Process start(String command) throws IOException {
        var builder = new ProcessBuilder(
                "bash", "-o", "pipefail", "-c", "[ -f '" + sourced + "' ] && . '" + sourced + "'\n" + command);
        builder.environment().putAll(environment);
        return builder.directory(home.toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
