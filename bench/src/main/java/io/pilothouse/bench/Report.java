package io.pilothouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables of docs/performance.md. They stand between two marks; what people wrote around them stays. */
final class Report {
    private static final String BEGIN = "<!-- measured: written by make bench -->";
    private static final String END = "<!-- /measured -->";

    private Report() {}

    /** Puts the tables into the document. @throws IOException when it has no place for them */
    static void write(Path document, List<Run.Outcome> outcomes, String machine) throws IOException {
        var text = Files.readString(document);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(document + " has no " + BEGIN + " … " + END);
        }
        Files.writeString(
                document,
                text.substring(0, begin + BEGIN.length())
                        + "\n\n"
                        + machine
                        + "\n\n"
                        + tables(outcomes)
                        + "\n"
                        + text.substring(end));
    }

    /** In Markdown. */
    static String tables(List<Run.Outcome> outcomes) {
        var text = new StringBuilder();
        outcomes.stream()
                .filter(outcome -> outcome.objects() == 10_000)
                .findFirst()
                .ifPresent(outcome -> text.append(againstUpstream(outcome)).append('\n'));
        text.append(growth(outcomes)).append('\n').append(latencies(outcomes)).append('\n');
        text.append(fanOuts(outcomes));
        return text.toString();
    }

    private static String againstUpstream(Run.Outcome outcome) {
        var rows = Stream.concat(
                outcome.workloads().stream()
                        .map(measured -> row(
                                measured.workload().name(),
                                measured.workload().upstreamMillis(),
                                measured.workload().limitMillis(),
                                measured.result().cpuMillisEach(),
                                "ms")),
                Stream.concat(
                        outcome.fanOuts().stream()
                                .filter(fanOut -> fanOut.watchers() == 500)
                                .map(fanOut -> row(
                                        "watch: an event to one of 500 watchers",
                                        19.8,
                                        2.5,
                                        fanOut.microsEach(),
                                        "µs")),
                        Stream.of(
                                row("resident memory, idle", 289, 150, outcome.idleMib(), "MiB"),
                                row("resident memory after all of the above", 1_658, 400, outcome.afterMib(), "MiB"),
                                row("start to /readyz ok", 2_900, 1_000, outcome.readyMillis(), "ms"))));
        return """
                ### 10,000 pods of %d bytes

                | workload | upstream 1.36.2 | asked for, at most | measured | |
                |---|---|---|---|---|
                %s
                """.formatted(outcome.objectBytes(), rows.collect(Collectors.joining("\n")));
    }

    private static String row(String name, double upstream, double limit, double measured, String unit) {
        return "| %s | %s | %s | %s | %s |"
                .formatted(
                        name,
                        upstream == 0 ? "" : number(upstream) + " " + unit,
                        number(limit) + " " + unit,
                        number(measured) + " " + unit,
                        measured <= limit ? "met" : "**not met**");
    }

    private static String growth(List<Run.Outcome> outcomes) {
        return "### Growth: processor time of the server for a request, in ms\n\n"
                + table(outcomes, measured -> number(measured.result().cpuMillisEach()))
                + line("resident, idle, MiB", outcomes, outcome -> number(outcome.idleMib()))
                + line("resident with all pods, MiB", outcomes, outcome -> number(outcome.filledMib()))
                + line("resident at the end, MiB", outcomes, outcome -> number(outcome.afterMib()));
    }

    private static String latencies(List<Run.Outcome> outcomes) {
        return "### Time to answer, in ms: median / 99th percentile\n\n"
                + table(outcomes, measured -> quantiles(measured.result()))
                + line(
                        "GET while 1,000 writes a second go on",
                        outcomes,
                        o -> quantiles(o.underWrites().get()))
                + line(
                        "LIST of 100 meanwhile",
                        outcomes,
                        o -> quantiles(o.underWrites().list()))
                + line(
                        "writes a second meanwhile",
                        outcomes,
                        o -> number(o.underWrites().writesASecond()))
                + line(
                        "reads of these that failed",
                        outcomes,
                        o -> Integer.toString(o.underWrites().get().failed()
                                + o.underWrites().list().failed()));
    }

    private static String quantiles(Load.Result result) {
        return number(result.latencyMillis(0.5)) + " / " + number(result.latencyMillis(0.99));
    }

    private static String table(List<Run.Outcome> outcomes, Function<Run.Measured, String> cell) {
        var text =
                new StringBuilder(line("workload", outcomes, o -> String.format(Locale.ROOT, "%,d pods", o.objects())));
        text.append("|---").append("|---".repeat(outcomes.size())).append("|\n");
        for (int i = 0; i < outcomes.getFirst().workloads().size(); i++) {
            int at = i;
            text.append(line(
                    outcomes.getFirst().workloads().get(i).workload().name(),
                    outcomes,
                    outcome -> cell.apply(outcome.workloads().get(at))));
        }
        return text.toString();
    }

    private static String line(String name, List<Run.Outcome> outcomes, Function<Run.Outcome, String> cell) {
        return "| " + name + " | " + outcomes.stream().map(cell).collect(Collectors.joining(" | ")) + " |\n";
    }

    private static String fanOuts(List<Run.Outcome> outcomes) {
        return """
                ### Watchers of one pod

                | pods in the server | watchers | processor time an event and watcher | sent to all | resident meanwhile |
                |---|---|---|---|---|
                %s
                """.formatted(outcomes.stream()
                .flatMap(outcome -> outcome.fanOuts().stream()
                        .map(fanOut -> String.format(
                                Locale.ROOT,
                                "| %,d | %,d | %s µs | %,d MB | %s MiB |",
                                outcome.objects(),
                                fanOut.watchers(),
                                number(fanOut.microsEach()),
                                fanOut.bytes() / 1_000_000,
                                number(fanOut.residentMib()))))
                .collect(Collectors.joining("\n")));
    }

    /** With about three digits. */
    private static String number(double value) {
        String format = value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
