package io.pilothouse.machinery.cel;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.cel.SchemaExpressions.Problem;
import io.pilothouse.machinery.field.FieldPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Adds up what rules may cost at the most, and says which cost too much: one alone, or all of a schema together. */
final class CelBudget {
    static final long ONE = 1;
    private static final long RULE_LIMIT = 10_000_000;
    private static final long SCHEMA_LIMIT = 100_000_000;
    private static final String ADVICE =
            " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)";

    private final List<Problem> tooMuch = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private long total;

    private record Entry(FieldPath path, String field, JsonNode source, long cost) {}

    /** A product that stays at the largest number where it would be more. */
    static long times(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        return high != 0 || a * b < 0 ? Long.MAX_VALUE : a * b;
    }

    static long plus(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    /** @param cardinality how many values there can be that the rule is run for */
    void add(FieldPath path, String field, JsonNode source, String name, long cost, long cardinality) {
        long all = times(cost, cardinality);
        if (all > RULE_LIMIT) {
            tooMuch.add(new Problem(path, field, source, exceeds(name, all, RULE_LIMIT), true));
        }
        total = plus(total, all);
        entries.add(new Entry(path, field, source, all));
    }

    private static String exceeds(String name, long cost, long limit) {
        double factor = (double) cost / limit;
        String words =
                factor > 100 ? "more than 100x" : String.format(Locale.ROOT, factor < 1.5 ? "%fx" : "%.1fx", factor);
        return name + " exceeds budget by factor of " + words + ADVICE;
    }

    /** @param root the path of the schema, which is to blame for the sum */
    List<Problem> problems(FieldPath root) {
        List<Problem> out = new ArrayList<>(tooMuch);
        if (total > SCHEMA_LIMIT) {
            entries.stream()
                    .sorted((a, b) -> Long.compare(b.cost(), a.cost()))
                    .limit(4)
                    .filter(e -> e.cost() > SCHEMA_LIMIT / 100)
                    .forEach(e -> out.add(new Problem(
                            e.path(),
                            e.field(),
                            e.source(),
                            "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema",
                            true)));
            out.add(new Problem(
                    root,
                    "",
                    com.fasterxml.jackson.databind.node.NullNode.getInstance(),
                    exceeds(
                            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema",
                            total,
                            SCHEMA_LIMIT),
                    true));
        }
        return out;
    }
}
