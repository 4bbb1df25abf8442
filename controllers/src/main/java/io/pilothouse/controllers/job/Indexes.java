package io.pilothouse.controllers.job;

import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Completed indexes as a job's status writes them: {@code 1,3-5,7}. */
final class Indexes {
    private Indexes() {}

    static SortedSet<Integer> parse(@Nullable String text) {
        var indexes = new TreeSet<Integer>();
        if (text == null || text.isEmpty()) {
            return indexes;
        }
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
            int last = dash < 0 ? first : Integer.parseInt(part.substring(dash + 1));
            for (int index = first; index <= last; index++) {
                indexes.add(index);
            }
        }
        return indexes;
    }

    static String format(SortedSet<Integer> indexes) {
        var text = new StringJoiner(",");
        int first = -1;
        int last = -2;
        for (int index : indexes) {
            if (index != last + 1) {
                add(text, first, last);
                first = index;
            }
            last = index;
        }
        add(text, first, last);
        return text.toString();
    }

    private static void add(StringJoiner text, int first, int last) {
        if (first >= 0) {
            text.add(first == last ? Integer.toString(first) : first + (last == first + 1 ? "," : "-") + last);
        }
    }
}
