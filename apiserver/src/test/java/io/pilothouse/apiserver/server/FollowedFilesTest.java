package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FollowedFilesTest {
    @TempDir
    Path folder;

    /** As {@code cp -p} leaves it. */
    @Test
    void noticesOtherContentOfTheSameLengthAndTime() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "one");
        var anHourAgo = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(file, anHourAgo);
        var read = new Semaphore(0);
        try (var files = new FollowedFiles()) {
            files.follow("a file", List.of(file), read::release);
            files.start(Duration.ofMillis(20));
            Thread.sleep(Duration.ofSeconds(3)); // by then it is not looked into any more
            assertThat(read.availablePermits()).isZero();
            Files.writeString(file, "two");
            Files.setLastModifiedTime(file, anHourAgo);
            assertThat(read.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
