package io.pilothouse.controlplane.process;

import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.sigv4.SigV4;
import io.pilothouse.controlplane.pki.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of one process. Its lock is held while it is started or ended. */
final class Keeper {
    private static final Logger log = LoggerFactory.getLogger(Keeper.class);
    private static final long MAX_LOG_BYTES = 16 << 20;
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;
    private static final long STEADY_MILLIS = 30_000;
    private @Nullable Daemon daemon;
    private @Nullable RunningProcess process;
    private long startedMillis;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long notBeforeMillis;

    synchronized void want(Daemon wanted) throws IOException {
        boolean outdated = isOutdated(wanted);
        if (wanted.equals(daemon) && !outdated) {
            return;
        }
        daemon = wanted;
        if (outdated && process != null) {
            log.atInfo()
                    .addKeyValue("process", wanted.id())
                    .log("process is started anew with another command or files");
            process.end(Duration.ofSeconds(10));
            process = null;
        }
        notBeforeMillis = 0;
        check();
    }

    /** Whether it runs with another command, or with files as they were before. */
    synchronized boolean isOutdated(Daemon wanted) throws IOException {
        if (daemon == null && process == null) {
            process = find(wanted.directory());
        }
        return process != null && process.isAlive() && !process.commandHash().equals(hash(wanted));
    }

    private static String hash(Daemon daemon) throws IOException {
        StringBuilder all = new StringBuilder(String.join("\0", daemon.command()))
                .append(daemon.environment().hashCode());
        for (Path file : daemon.reads()) {
            all.append('\0').append(SigV4.hash(Files.readAllBytes(file)));
        }
        return SigV4.hash(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The one noted in the directory, or else one that carries its mark: the note is written after the start. */
    private static @Nullable RunningProcess find(Path directory) throws IOException {
        Path note = directory.resolve("process.json");
        if (Files.exists(note)) {
            RunningProcess noted = Json.read(Files.readAllBytes(note), RunningProcess.class);
            if (noted.isAlive()) {
                return noted;
            }
        }
        RunningProcess.marked(directory.toString(), true).forEach(p -> p.end(Duration.ZERO));
        return null;
    }

    synchronized boolean isRunning() {
        return process != null && process.isAlive();
    }

    /** Starts it when it does not run and its pause is over. */
    synchronized void check() throws IOException {
        Daemon wanted = daemon;
        long now = System.currentTimeMillis();
        if (wanted == null || isRunning()) {
            return;
        }
        if (process != null) {
            log.atWarn()
                    .addKeyValue("process", wanted.id())
                    .addKeyValue("pid", process.pid())
                    .log("process has ended");
            pauseMillis = now - startedMillis > STEADY_MILLIS
                    ? FIRST_PAUSE_MILLIS
                    : Math.min(pauseMillis * 2, LONGEST_PAUSE_MILLIS);
            notBeforeMillis = now + (pauseMillis == FIRST_PAUSE_MILLIS ? 0 : pauseMillis);
            process = null;
        }
        if (now >= notBeforeMillis) {
            process = start(wanted);
            startedMillis = now;
            log.atInfo()
                    .addKeyValue("process", wanted.id())
                    .addKeyValue("pid", process.pid())
                    .log("process started");
        }
    }

    private static RunningProcess start(Daemon wanted) throws IOException {
        PrivateFiles.directory(wanted.directory());
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(wanted.command());
        Path output = wanted.directory().resolve("output.log");
        if (!Files.exists(output)) {
            PrivateFiles.write(output, new byte[0]);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(wanted.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().retainAll(Set.of("PATH", "LANG", "JAVA_HOME", "HOME"));
        builder.environment().putAll(wanted.environment());
        builder.environment().put(RunningProcess.MARK, wanted.directory().toString());
        // Before the start: what changes after it has read its files makes it outdated.
        String hash = hash(wanted);
        long pid = builder.start().pid();
        RunningProcess started = new RunningProcess(pid, RunningProcess.startTicks(pid), hash);
        PrivateFiles.write(wanted.directory().resolve("process.json"), Json.bytes(started));
        return started;
    }

    synchronized void end(Duration grace) {
        RunningProcess running = process;
        if (running != null) {
            running.end(grace);
        }
        notBeforeMillis = 0;
        pauseMillis = FIRST_PAUSE_MILLIS;
        startedMillis = 0;
    }

    synchronized void stop(Path directory, Duration grace) throws IOException {
        daemon = null;
        RunningProcess running = process == null ? find(directory) : process;
        if (running != null) {
            running.end(grace);
        }
        process = null;
    }

    /** The process appends to its file, so it goes on at the start of the emptied one. What it writes in between is lost. */
    synchronized void boundLog() throws IOException {
        Daemon wanted = daemon;
        if (wanted == null) {
            return;
        }
        Path output = wanted.directory().resolve("output.log");
        if (Files.exists(output) && Files.size(output) > MAX_LOG_BYTES) {
            Files.copy(output, wanted.directory().resolve("output.log.1"), StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel channel = FileChannel.open(output, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
        }
    }
}
