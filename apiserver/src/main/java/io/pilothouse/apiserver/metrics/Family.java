package io.pilothouse.apiserver.metrics;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The series of one name. */
public abstract sealed class Family {
    /** What they have in common. */
    record Head(String name, String type, Stability stability, String help, List<String> labels) {}

    private final Head head;
    /** The places of the labels in the order in which they are told: by their names. */
    private final int[] order;

    private Family(Head head) {
        this.head = head;
        this.order = IntStream.range(0, head.labels().size())
                .boxed()
                .sorted(Comparator.comparing(i -> head.labels().get(i)))
                .mapToInt(i -> i)
                .toArray();
    }

    Head head() {
        return head;
    }

    void reset() {}

    abstract void write(StringBuilder text);

    void writeHead(StringBuilder text) {
        text.append("# HELP ")
                .append(head.name())
                .append(' ')
                .append((head.stability().mark() + head.help())
                        .replace("\\", "\\\\")
                        .replace("\n", "\\n"))
                .append("\n# TYPE ")
                .append(head.name())
                .append(' ')
                .append(head.type())
                .append('\n');
    }

    /** The labels between the braces. */
    String labels(List<String> values) {
        var text = new StringBuilder();
        for (int i : order) {
            text.append(text.isEmpty() ? "" : ",").append(head.labels().get(i)).append("=\"");
            text.append(
                    values.get(i).replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
            text.append('"');
        }
        return text.toString();
    }

    static void writeValue(StringBuilder text, String name, String labels, double value) {
        text.append(name);
        if (!labels.isEmpty()) {
            text.append('{').append(labels).append('}');
        }
        text.append(' ').append(GoText.shortest(value)).append('\n');
    }

    private void require(int count) {
        if (count != head.labels().size()) {
            throw new IllegalArgumentException(head.name() + " has other labels");
        }
    }

    /** Series that are counted as things happen. */
    public static final class Of<S extends Series> extends Family {
        private final Supplier<S> maker;
        private final Map<List<String>, S> series = new ConcurrentHashMap<>();

        Of(Head head, Supplier<S> maker) {
            super(head);
            this.maker = maker;
        }

        /** The series of these values of the labels, in the order in which those were declared; told of from now on. */
        public S of(String... values) {
            super.require(values.length);
            return series.computeIfAbsent(List.of(values), v -> maker.get());
        }

        /** Takes a series away. */
        public void remove(String... values) {
            series.remove(List.of(values));
        }

        @Override
        void reset() {
            series.values().forEach(Series::reset);
        }

        @Override
        void write(StringBuilder text) {
            if (series.isEmpty()) {
                return;
            }
            writeHead(text);
            var lines = new ArrayList<Map.Entry<String, S>>();
            series.forEach((values, one) -> lines.add(Map.entry(labels(values), one)));
            lines.sort(Map.Entry.comparingByKey());
            lines.forEach(line -> line.getValue().write(text, head().name(), line.getKey()));
        }
    }

    /** Series whose values are known elsewhere. */
    public static final class Computed extends Family {
        /** Tells the values of a family. */
        @FunctionalInterface
        public interface Values {
            void tell(Teller teller);
        }

        /** Takes them. */
        @FunctionalInterface
        public interface Teller {
            void value(double value, String... labels);
        }

        private final Values values;

        Computed(Head head, Values values) {
            super(head);
            this.values = values;
        }

        @Override
        void write(StringBuilder text) {
            var lines = new ArrayList<Map.Entry<String, Double>>();
            values.tell((value, labels) -> {
                super.require(labels.length);
                lines.add(Map.entry(labels(Arrays.asList(labels)), value));
            });
            if (!lines.isEmpty()) {
                writeHead(text);
                lines.sort(Map.Entry.comparingByKey());
                lines.forEach(line -> writeValue(text, head().name(), line.getKey(), line.getValue()));
            }
        }
    }
}
