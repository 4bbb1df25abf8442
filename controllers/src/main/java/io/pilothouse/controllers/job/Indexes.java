package io.pilothouse.controllers.job;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A set of completion indexes, kept as ascending ranges that don't touch, so that a job of millions of completions stays small; written as a job's status does,
 * {@code 1,3-5,7}.
 */
record Indexes(List<Range> ranges) {
    static final Indexes NONE = new Indexes(List.of());

    /** From {@code first} to {@code last}, both within. */
    record Range(int first, int last) {
        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + (last == first + 1 ? "," : "-") + last;
        }
    }

    Indexes {
        ranges = List.copyOf(ranges);
    }

    /** Reads what a status or a rule says; indexes at or above {@code completions} and what can't be read are left out. */
    static Indexes parse(@Nullable String text, int completions) {
        if (text == null || text.isEmpty()) {
            return NONE;
        }
        var ranges = new ArrayList<Range>();
        for (String part : text.split(",", -1)) {
            var range = range(part, completions);
            if (range.isPresent() && range.get().first >= completions) {
                break;
            }
            range.ifPresent(ranges::add);
        }
        return joined(ranges);
    }

    /** Empty where it is none: somebody else may have written it, and the rest still counts. */
    private static Optional<Range> range(String text, int completions) {
        String[] ends = text.split("-", -1);
        try {
            int first = Integer.parseInt(ends[0]);
            int last = ends.length > 1 ? Math.min(Integer.parseInt(ends[1]), completions - 1) : first;
            return Optional.of(new Range(first, last));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Indexes of(Collection<Integer> indexes) {
        return joined(new TreeSet<>(indexes)
                .stream().map(index -> new Range(index, index)).toList());
    }

    private static Indexes joined(List<Range> ascending) {
        var ranges = new ArrayList<Range>();
        for (Range range : ascending) {
            if (!ranges.isEmpty() && range.first <= ranges.getLast().last + 1) {
                Range before = ranges.removeLast();
                ranges.add(new Range(before.first, Math.max(before.last, range.last)));
            } else {
                ranges.add(range);
            }
        }
        return new Indexes(ranges);
    }

    /** These and those. */
    Indexes with(Indexes other) {
        var all = new ArrayList<>(ranges);
        all.addAll(other.ranges);
        all.sort(Comparator.comparingInt(Range::first));
        return joined(all);
    }

    Indexes with(Collection<Integer> indexes) {
        return indexes.isEmpty() ? this : with(of(indexes));
    }

    boolean has(int index) {
        int low = 0;
        int high = ranges.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (ranges.get(middle).last >= index) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < ranges.size() && ranges.get(low).first <= index;
    }

    /** How many. */
    int total() {
        return ranges.stream().mapToInt(range -> range.last - range.first + 1).sum();
    }

    /** How many stand in both. */
    int shared(Indexes other) {
        int shared = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < ranges.size() && theirs < other.ranges.size()) {
            Range a = ranges.get(mine);
            Range b = other.ranges.get(theirs);
            shared += Math.max(0, Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1);
            if (a.last <= b.last) {
                mine++;
            }
            if (b.last <= a.last) {
                theirs++;
            }
        }
        return shared;
    }

    /** The lowest {@code count} indexes below {@code completions} that are not in here. */
    List<Integer> missing(int count, int completions) {
        var missing = new ArrayList<Integer>();
        int candidate = 0;
        for (Range range : ranges) {
            for (; candidate < Math.min(completions, range.first) && missing.size() < count; candidate++) {
                missing.add(candidate);
            }
            candidate = Math.max(candidate, range.last + 1);
        }
        for (; candidate < completions && missing.size() < count; candidate++) {
            missing.add(candidate);
        }
        return missing;
    }

    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
