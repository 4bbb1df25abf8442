package io.pilothouse.worker.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PressureTest {
    @Test
    void aMachineThatRunsThisTestHasProcessesLeft(@TempDir Path directory) throws IOException {
        assertThat(Pressure.now(directory).processes()).isFalse();
        assertThat(Pressure.mostProcesses()).isGreaterThanOrEqualTo(300);
        assertThat(Machine.info().get("kernelVersion")).contains(".");
    }
}
