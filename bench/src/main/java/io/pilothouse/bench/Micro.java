package io.pilothouse.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The inner pieces by JMH, each in a JVM of its own that is set as the server's is. */
final class Micro {
    private static final int SECONDS = 5;

    private Micro() {}

    static Section measure() throws InterruptedException {
        var measured = Attempt.at(Micro::run);
        var rows = measured.ok().stream()
                .flatMap(Collection::stream)
                .map(Micro::row)
                .toList();
        return new Section(
                "Inner pieces, by JMH",
                "Time for one operation with the error of 99.9% confidence, and what it allocates.",
                List.of("", "time", "allocated"),
                rows,
                measured.ok().isPresent() ? List.of() : List.of(measured.failure()));
    }

    private static Collection<RunResult> run() {
        var options = new OptionsBuilder()
                .include("io\\.pilothouse\\.bench\\.micro\\.")
                .forks(1)
                .warmupIterations(SECONDS)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(SECONDS)
                .measurementTime(TimeValue.seconds(1))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .jvmArgs("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-Xmx1g")
                .build();
        try {
            return new Runner(options).run();
        } catch (RunnerException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static List<String> row(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        var cells = new ArrayList<String>();
        cells.add(result.getParams().getBenchmark().replaceAll(".*\\.([^.]+\\.[^.]+)$", "$1"));
        cells.add(Figure.number(time.getScore())
                + (Double.isNaN(time.getScoreError()) ? "" : " ± " + Figure.number(time.getScoreError()))
                + " " + time.getScoreUnit().replace("us/op", "µs"));
        var allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        cells.add(allocated == null ? "" : Figure.number(allocated.getScore() / 1_024) + " KiB");
        return cells;
    }
}
