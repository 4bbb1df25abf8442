package io.pilothouse.controlplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.process.Daemon;
import io.pilothouse.controlplane.process.RunningProcess;
import io.pilothouse.controlplane.process.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RollingStartTest {
    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();
    private Path certificate;
    private List<Daemon> daemons;

    /** A clock that is moved by hand. */
    private static final class ManualClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void prepare() throws IOException {
        certificate = Files.writeString(directory.resolve("certificate"), "old");
        daemons = IntStream.range(0, 3)
                .mapToObj(i -> new Daemon(
                        "test/" + i,
                        directory.resolve("p" + i),
                        List.of("sleep", "1000"),
                        Map.of(),
                        List.of(certificate)))
                .toList();
    }

    @AfterEach
    void end() {
        Supervisor.endAllBelow(directory, Duration.ZERO);
    }

    private List<RunningProcess> running() throws IOException {
        return List.of(noted(0), noted(1), noted(2));
    }

    private RunningProcess noted(int i) throws IOException {
        return Json.read(Files.readAllBytes(directory.resolve("p" + i).resolve("process.json")), RunningProcess.class);
    }

    @Test
    void theOutdatedAreStartedAnewOneAfterTheOtherWhenAllAreHealthy() throws Exception {
        List<RunningProcess> first;
        try (Supervisor supervisor = new Supervisor()) {
            var rolling = new RollingStart(supervisor, clock);
            assertThat(rolling.step("test", daemons, () -> false))
                    .as("what does not run needs no health of others")
                    .isTrue();
            first = running();
            assertThat(rolling.step("test", daemons, () -> true)).isTrue();
            assertThat(running()).isEqualTo(first);

            Files.writeString(certificate, "new");
            assertThat(rolling.step("test", daemons, () -> false)).isFalse();
            assertThat(running()).isEqualTo(first);
            assertThat(rolling.step("test", daemons, () -> true)).isFalse();
            assertThat(first.getFirst().isAlive()).isFalse();
            assertThat(noted(0).isAlive()).isTrue();
            assertThat(noted(1)).isEqualTo(first.get(1));
        }
        try (Supervisor another = new Supervisor()) {
            var rolling = new RollingStart(another, clock);
            assertThat(rolling.step("test", daemons, () -> true)).isFalse();
            assertThat(first.get(1).isAlive()).isFalse();
            assertThat(first.get(2).isAlive()).isTrue();
            assertThat(rolling.step("test", daemons, () -> false)).isFalse();
            assertThat(first.get(2).isAlive()).isTrue();
            clock.now = clock.now.plusSeconds(61);
            assertThat(rolling.step("test", daemons, () -> false))
                    .as("goes on when the others do not become healthy")
                    .isTrue();
            assertThat(first.get(2).isAlive()).isFalse();
            assertThat(running()).allMatch(RunningProcess::isAlive);
        }
    }
}
