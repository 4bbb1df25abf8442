package io.pilothouse.controlplane.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.cloud.protocol.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    @TempDir
    Path directory;

    @AfterEach
    void end() {
        Supervisor.endAllBelow(directory, Duration.ZERO);
    }

    private Daemon sleeper(String seconds) {
        return new Daemon("test/sleeper", directory.resolve("sleeper"), List.of("sleep", seconds), Map.of());
    }

    private RunningProcess noted() throws Exception {
        return Json.read(Files.readAllBytes(directory.resolve("sleeper/process.json")), RunningProcess.class);
    }

    @Test
    void startsAgainWhatWasKilled() throws Exception {
        try (Supervisor supervisor = new Supervisor()) {
            supervisor.ensure(sleeper("1000"));
            RunningProcess first = noted();
            first.end(Duration.ZERO);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !noted().equals(first) && noted().isAlive());
            supervisor.stop("test/sleeper", directory.resolve("sleeper"), Duration.ofSeconds(5));
            assertThat(noted().isAlive()).isFalse();
        }
    }

    @Test
    void findsWhatAnEarlierOneStartedAndReplacesAnotherCommand() throws Exception {
        try (Supervisor supervisor = new Supervisor()) {
            supervisor.ensure(sleeper("1000"));
        }
        RunningProcess first = noted();
        assertThat(first.isAlive()).isTrue();
        try (Supervisor supervisor = new Supervisor()) {
            supervisor.ensure(sleeper("1000"));
            assertThat(noted()).isEqualTo(first);
            supervisor.ensure(sleeper("2000"));
            assertThat(first.isAlive()).isFalse();
            assertThat(supervisor.isRunning("test/sleeper")).isTrue();
        }
        Supervisor.endAllBelow(directory, Duration.ofSeconds(2));
        assertThat(noted().isAlive()).isFalse();
    }
}
