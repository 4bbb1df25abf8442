package io.pilothouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures an API server from outside and writes the figures down: {@code make bench}. */
@Command(
        name = "bench",
        description = "Starts an API server over an etcd, fills it, and measures what requests cost it.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class Bench implements Callable<Integer> {
    @Option(names = "--objects", split = ",", description = "How many pods a server holds; one server for each.")
    private List<Integer> objects = List.of(1_000, 10_000);

    @Option(names = "--watchers", split = ",", description = "How many watch one pod.")
    private List<Integer> watchers = List.of(10, 500);

    @Option(
            names = "--server",
            split = " ",
            required = true,
            description = "The API server's program with its subcommand; kube-apiserver's flags are added.")
    private List<String> program = List.of();

    @Option(names = "--folder", required = true, description = "Where logs and other files go.")
    private Path folder = Path.of("");

    @Option(
            names = "--document",
            description = "Where the tables go besides the screen: a Markdown file with the marks for them.")
    private Path document = Path.of("");

    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var run = new Run(program, folder, System.out);
        var outcomes = new ArrayList<Run.Outcome>();
        for (int count : objects) {
            System.out.printf("%,d pods%n", count);
            outcomes.add(run.measure(count, watchers));
        }
        System.out.println(Report.tables(outcomes));
        if (!document.toString().isEmpty()) {
            Report.write(document, outcomes, machine());
            System.out.println("written to " + document);
        }
        return 0;
    }

    private static String machine() throws IOException {
        String model = Files.readString(Path.of("/proc/cpuinfo"))
                .lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.replaceAll(".*: *", ""))
                .findFirst()
                .orElse("an unnamed processor");
        return "Measured on %s: %d processors (%s), Java %s."
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Runtime.getRuntime().availableProcessors(),
                        model,
                        Runtime.version().feature());
    }
}
