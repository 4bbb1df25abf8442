package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shell in which {@code kubectl} is one certain binary. For one thread.
 *
 * @param home its working directory, {@code HOME} and first folder of {@code PATH}
 * @param kubeconfig whom it speaks to, as whom and in which namespace
 */
record Terminal(Path home, Path kubeconfig) {
    private static final int SECONDS = 60;

    /** How a command ended and what it wrote, without surrounding white space. */
    record Result(int code, String output, String errors) {}

    /** @param programs by the names by which commands call them */
    static Terminal open(Path home, Path kubeconfig, Map<String, Path> programs) throws IOException {
        Files.createDirectories(home);
        for (var program : programs.entrySet()) {
            var script = home.resolve(program.getKey());
            Files.writeString(script, "#!/bin/sh\nexec '" + program.getValue() + "' \"$@\"\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        }
        return new Terminal(home, kubeconfig);
    }

    /** Writes a file into the working directory. */
    void write(String name, String content) {
        try {
            Files.createDirectories(home.resolve(name).getParent());
            Files.writeString(home.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Result run(String command) {
        try {
            var errors = home.resolve("stderr");
            var output = home.resolve("stdout");
            var process = start(command, output, errors);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
                throw new AssertionError("no end after " + SECONDS + " s: " + command + "\n" + Files.readString(output)
                        + Files.readString(errors));
            }
            return new Result(
                    process.exitValue(),
                    Files.readString(output).strip(),
                    Files.readString(errors).strip());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(command, e);
        }
    }

    /** Starts a command that goes on; the caller ends it. */
    Process start(String command, Path output, Path errors) throws IOException {
        var builder = new ProcessBuilder("bash", "-o", "pipefail", "-c", command);
        builder.environment().put("HOME", home.toString());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().merge("PATH", home.toString(), (path, first) -> first + ":" + path);
        return builder.directory(home.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
    }

    /** Runs a command that has to succeed; what it wrote to its output. */
    String succeeds(String command) {
        var result = run(command);
        assertThat(result.code())
                .as("exit code of %s%n%s%n%s", command, result.output(), result.errors())
                .isZero();
        return result.output();
    }

    /** Runs a command that has to end with that code; what it wrote, its output first. */
    String fails(int code, String command) {
        var result = run(command);
        assertThat(result.code())
                .as("exit code of %s%n%s%n%s", command, result.output(), result.errors())
                .isEqualTo(code);
        return (result.output() + "\n" + result.errors()).strip();
    }
}
