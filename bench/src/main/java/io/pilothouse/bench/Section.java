package io.pilothouse.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of the report.
 *
 * @param title of the section
 * @param said before the table
 * @param failures told below it, a line each
 */
record Section(String title, String said, List<String> columns, List<List<String>> rows, List<String> failures) {
    /** A table of figures; what they are held against is told if any is held against something. */
    static Section of(String title, String said, List<Figure> figures) {
        boolean asked = figures.stream().anyMatch(figure -> !figure.goal().equals(Figure.Goal.NONE));
        var columns = asked
                ? List.of("", "upstream 1.36.2", "asked for, at most", "measured", "", "median / p99 to answer")
                : List.of("", "measured", "median / p99 to answer");
        var rows = figures.stream()
                .map(figure -> asked
                        ? List.of(
                                figure.name(),
                                figure.upstream(),
                                figure.most(),
                                figure.amount(),
                                figure.verdict(),
                                figure.times())
                        : List.of(figure.name(), figure.amount(), figure.times()))
                .toList();
        return new Section(title, said, columns, rows, failures("", figures));
    }

    /** With a failure more, for what did not fail as a whole. */
    Section failing(String failure) {
        return new Section(
                title,
                said,
                columns,
                rows,
                Stream.concat(failures.stream(), Stream.of(failure)).toList());
    }

    private static List<String> failures(String where, List<Figure> figures) {
        return figures.stream()
                .filter(figure -> figure.measured().ok().isEmpty())
                .map(figure -> where + figure.name() + ": " + figure.measured().failure())
                .toList();
    }

    /** The same figures at each number of objects, side by side. */
    static Section growth(List<Run.Outcome> outcomes) {
        var columns = Stream.concat(
                        Stream.of(""), outcomes.stream().map(o -> String.format(Locale.ROOT, "%,d pods", o.objects())))
                .toList();
        var names = outcomes.stream()
                .flatMap(outcome -> outcome.figures().stream().map(Figure::name))
                .distinct();
        var rows = names.map(name -> Stream.concat(
                                Stream.of(name),
                                outcomes.stream()
                                        .map(outcome -> outcome.figures().stream()
                                                .filter(figure -> figure.name().equals(name))
                                                .findFirst()
                                                .map(Figure::amount)
                                                .orElse("")))
                        .toList())
                .toList();
        return new Section("Growth", "", columns, rows, List.of());
    }

    String markdown() {
        var text = new StringBuilder("### " + title + "\n\n");
        if (!said.isEmpty()) {
            text.append(said).append("\n\n");
        }
        if (!rows.isEmpty()) {
            text.append(line(columns)).append("|---".repeat(columns.size())).append("|\n");
            rows.forEach(row -> text.append(line(row)));
        }
        if (!failures.isEmpty()) {
            text.append("\nFailed:\n\n");
            failures.forEach(failure -> text.append("- ").append(failure).append('\n'));
        }
        return text.toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }
}
