package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Replays recorded requests and answers of upstream's server, where that corpus is at hand: beside the checkout, in {@code shared/compat}. The figure
 * may only rise: whoever makes more cases pass raises the floor.
 */
class CompatibilityIT {
    /** What was reached; fewer is a step back. A few cases depend on timing. */
    private static final int FLOOR = 783;

    private static final int TOLERANCE = 6;

    @TempDir
    Path directory;

    @Test
    void replaysTheCorpus() throws Exception {
        var found = Corpus.find("compat");
        Assumptions.assumeTrue(found.isPresent(), "no corpus");
        Path corpus = found.get();
        try (var fixture = new ApiServerFixture(directory)) {
            Path report = directory.resolve("replay.txt");
            var replay = new ProcessBuilder(
                            "python3",
                            corpus.resolve("compat.py").toString(),
                            "replay",
                            "--url",
                            fixture.url(),
                            "--token",
                            ApiServerFixture.TOKEN,
                            "--patience",
                            "1",
                            "--jobs",
                            "4",
                            corpus.resolve("cases").toString())
                    .redirectErrorStream(true)
                    .redirectOutput(report.toFile())
                    .start();
            assertThat(replay.waitFor(9, TimeUnit.MINUTES))
                    .as("the replay ends in time")
                    .isTrue();
            String text = Files.readString(report);
            var figure = Pattern.compile("(\\d+) passed, (\\d+) failed").matcher(text);
            assertThat(figure.find()).as(text).isTrue();
            System.out.println("compatibility with the recorded upstream server: " + figure.group());
            assertThat(Integer.parseInt(figure.group(1))).isGreaterThanOrEqualTo(FLOOR - TOLERANCE);
        }
    }
}
