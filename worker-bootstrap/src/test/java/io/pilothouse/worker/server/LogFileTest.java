package io.pilothouse.worker.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    private static final String LOG = """
            2026-01-01T00:00:00.1Z stdout F one
            2026-01-01T00:00:01Z stdout P tw
            2026-01-01T00:00:01Z stdout F o
            2026-01-01T00:00:02Z stderr F three
            """;

    @Test
    void readsAsAsked(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("0.log"), LOG);

        assertThat(read(file, Map.of())).isEqualTo("one\ntwo\nthree\n");
        assertThat(read(file, Map.of("tailLines", "1"))).isEqualTo("three\n");
        assertThat(read(file, Map.of("tailLines", "0"))).isEmpty();
        assertThat(read(file, Map.of("limitBytes", "5"))).isEqualTo("one\nt");
        assertThat(read(file, Map.of("tailLines", "1", "timestamps", "true")))
                .isEqualTo("2026-01-01T00:00:02Z three\n");
        assertThat(read(file, Map.of("sinceTime", "2026-01-01T00:00:01.500Z"))).isEqualTo("three\n");
    }

    private static String read(Path file, Map<String, String> query) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LogFile(file).copy(LogOptions.parse(query, Instant.EPOCH), out, () -> false);
        return out.toString(StandardCharsets.UTF_8);
    }
}
