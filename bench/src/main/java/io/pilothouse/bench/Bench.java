package io.pilothouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures an API server from outside, and its inner pieces, and writes the figures down: {@code make bench}. */
@Command(
        name = "bench",
        description = "Starts an API server over an etcd, fills it, and measures what requests cost it.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class Bench implements Callable<Integer> {
    @Option(
            names = "--objects",
            split = ",",
            description = "How many pods a server holds; one server for each; none: 0.")
    private List<Integer> objects = List.of(1_000, 10_000);

    @Option(names = "--watchers", split = ",", description = "How many watch one pod.")
    private List<Integer> watchers = List.of(10, 500);

    @Option(
            names = "--parts",
            split = ",",
            description = "What is measured of each such server: ${COMPLETION-CANDIDATES}.")
    private Set<Run.Part> parts = EnumSet.allOf(Run.Part.class);

    @Option(names = "--heap", description = "The servers' largest heap in MiB; 0: the program's own limit.")
    private int heapMib;

    @Option(
            names = "--leases",
            arity = "0..1",
            fallbackValue = "5000",
            description =
                    "How many nodes renew leases every 10 s for a minute; 5,000 if no number is given; 0: that is not measured.")
    private int leases;

    @Option(
            names = "--held",
            description = "How many small pods are made to see what memory they take; 0: that is not measured.")
    private int held;

    @Option(names = "--micro", description = "Measures inner pieces by JMH, in this JVM's children, with no server.")
    private boolean micro;

    @Option(
            names = "--long",
            description =
                    "All of it: --objects=1000,10000,100000 --watchers=10,500,10000 --leases=5000 --held=150000 --micro.")
    private boolean everything;

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

    private final List<Section> sections = new ArrayList<>();
    private final List<Run.Outcome> outcomes = new ArrayList<>();

    private Bench() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    /** 1 when anything failed. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        var setting = new Run.Setting(program, folder, heapMib);
        if (everything) {
            objects = List.of(1_000, 10_000, 100_000);
            watchers = List.of(10, 500, 10_000);
            leases = 5_000;
            held = 150_000;
            micro = true;
        }
        for (int count : objects) {
            if (count > 0) {
                pods(setting, count);
            }
        }
        if (outcomes.size() > 1) {
            outcomes.sort(Comparator.comparingInt(Run.Outcome::objects));
            add(Section.growth(outcomes));
        }
        if (leases > 0) {
            System.out.printf("leases of %,d nodes%n", leases);
            add(Leases.measure(setting, leases));
        }
        if (held > 0) {
            System.out.printf("%,d pods held%n", held);
            add(Held.measure(setting, held));
        }
        if (micro) {
            System.out.println("inner pieces");
            add(Micro.measure());
        }
        return sections.stream().allMatch(section -> section.failures().isEmpty()) ? 0 : 1;
    }

    private void pods(Run.Setting setting, int count) throws IOException, InterruptedException {
        System.out.printf("%,d pods, heap %s%n", count, setting.heap());
        var outcome = new Run(setting, parts, System.out).measure(count, watchers);
        outcomes.add(outcome);
        add(outcome.section());
    }

    /** What is measured is written at once: whatever ends the bench later takes nothing away. */
    private void add(Section section) throws IOException {
        sections.add(section);
        System.out.println("\n" + section.markdown());
        if (!document.toString().isEmpty()) {
            Report.write(document, machine(), sections);
        }
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
