package io.pilothouse.apiserver.kinds.batch;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A set of an indexed job's indexes in text form, as in {@code 1,3-5,7}: intervals in rising order. */
final class IndexSet {
    private IndexSet() {}

    /** The text breaks a rule; the message is upstream's. */
    static final class FormatException extends Exception {
        private static final long serialVersionUID = 1;

        FormatException(String message) {
            super(message);
        }
    }

    private record Interval(long first, long last) {}

    /**
     * Counts the indexes.
     *
     * @param completions the number that every index is below
     */
    static long count(String text, long completions) throws FormatException {
        long total = 0;
        if (text.isEmpty()) {
            return total;
        }
        OptionalLong previous = OptionalLong.empty();
        for (String part : text.split(",", -1)) {
            var interval = interval(part, completions);
            if (previous.isPresent() && previous.getAsLong() >= interval.first()) {
                throw decreasing(previous.getAsLong(), interval.first());
            }
            total += interval.last() - interval.first() + 1;
            previous = OptionalLong.of(interval.last());
        }
        return total;
    }

    private static FormatException decreasing(long previous, long current) {
        return new FormatException("non-increasing order, previous: " + previous + ", current: " + current);
    }

    private static Interval interval(String text, long completions) throws FormatException {
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw new FormatException("the fragment " + GoText.quote(text)
                    + " violates the requirement that an index interval can have at most two parts separated by '-'");
        }
        long first = index(ends[0], completions);
        if (ends.length == 1) {
            return new Interval(first, first);
        }
        long last = index(ends[1], completions);
        if (first >= last) {
            throw decreasing(first, last);
        }
        return new Interval(first, last);
    }

    private static long index(String text, long completions) throws FormatException {
        long index;
        try {
            index = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FormatException("cannot convert string to integer for index: " + GoText.quote(text));
        }
        if (index >= completions) {
            throw new FormatException("too large index: " + GoText.quote(text));
        }
        return index;
    }

    /** The first index that both sets hold; parts that cannot be read are passed over. */
    static OptionalLong overlap(String one, String other, long completions) {
        for (var a : readable(one, completions)) {
            for (var b : readable(other, completions)) {
                if (a.first() <= b.last() && b.first() <= a.last()) {
                    return OptionalLong.of(Math.max(a.first(), b.first()));
                }
            }
        }
        return OptionalLong.empty();
    }

    private static List<Interval> readable(String text, long completions) {
        var intervals = new ArrayList<Interval>();
        for (String part : text.split(",", -1)) {
            try {
                intervals.add(interval(part, completions));
            } catch (FormatException e) {
                // It is told elsewhere.
            }
        }
        return intervals;
    }
}
