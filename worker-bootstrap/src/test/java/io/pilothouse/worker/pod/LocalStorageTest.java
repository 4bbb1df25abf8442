package io.pilothouse.worker.pod;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStorageTest {
    private static final JsonNode POD = pod("""
            {"spec": {
              "volumes": [
                {"name": "data", "emptyDir": {"sizeLimit": "1Ki"}},
                {"name": "ram", "emptyDir": {"medium": "Memory", "sizeLimit": "1Ki"}}],
              "containers": [
                {"name": "a", "resources": {"limits": {"ephemeral-storage": "2Ki"}}},
                {"name": "b", "resources": {"limits": {"ephemeral-storage": "4Ki"}}},
                {"name": "c"}]}}
            """);

    private static JsonNode pod(String json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static LocalStorage.Usage usage(long volume, long a, long b, long c) {
        return new LocalStorage.Usage(Map.of("data", volume), Map.of("a", a, "b", b), Map.of("c", c), 0);
    }

    @Test
    void endsAPodWhoseVolumeIsTooLarge() {
        assertThat(LocalStorage.exceeded(POD, usage(1024, 0, 0, 0))).isEmpty();
        assertThat(LocalStorage.exceeded(POD, usage(1025, 3000, 0, 0)))
                .contains("Usage of EmptyDir volume \"data\" exceeds the limit \"1Ki\". ");
    }

    @Test
    void addsUpAllThatThePodKeeps() {
        assertThat(LocalStorage.exceeded(POD, usage(1024, 2048, 3000, 72))).isEmpty();
        assertThat(LocalStorage.exceeded(POD, usage(1024, 2048, 3000, 73)))
                .contains("Pod ephemeral local storage usage exceeds the total limit of containers 6Ki. ");
    }

    @Test
    void endsAPodWithAContainerThatKeepsTooMuch() {
        assertThat(LocalStorage.exceeded(POD, usage(0, 2049, 0, 0)))
                .contains("Container a exceeded its local ephemeral storage limit \"2Ki\". ");
    }

    @Test
    void leavesTheClustersOwnPodsAlone() {
        var critical = pod("""
                {"spec": {"priority": 2000000000, "containers": [{"name": "a", "resources": {"limits": {"ephemeral-storage": "1"}}}]}}
                """);
        assertThat(LocalStorage.exceeded(critical, usage(0, 9, 0, 0))).isEmpty();
    }

    @Test
    void measuresVolumesAndLogs(@TempDir Path directory) throws IOException {
        Path home = directory.resolve("home");
        Path logs = directory.resolve("logs");
        for (String file : new String[] {"volumes/data/x", "volumes/data/deep/y", "volumes/ram/z", "etc-hosts"}) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), "1234567890");
        }
        Files.createDirectories(logs.resolve("b"));
        Files.writeString(logs.resolve("b/0.log"), "12345");
        assertThat(LocalStorage.measure(POD, home, logs, Map.of("a", 7L)))
                .isEqualTo(new LocalStorage.Usage(
                        Map.of("data", 20L), Map.of("a", 7L), Map.of("a", 0L, "b", 5L, "c", 0L), 10));
        assertThat(LocalStorage.isLimited(POD)).isTrue();
        assertThat(LocalStorage.limitsContainers(POD)).isTrue();
    }
}
