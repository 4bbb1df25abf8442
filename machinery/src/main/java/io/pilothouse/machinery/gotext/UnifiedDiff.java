package io.pilothouse.machinery.gotext;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How two texts differ, line by line, as go-difflib prints it: hunks with three lines of context, no file names. Its way to find
 * what is common (Ratcliff and Obershelp's) decides what a client reads, so this is that and not a shortest edit.
 */
public final class UnifiedDiff {
    private static final int CONTEXT = 3;
    private static final int MANY_LINES = 200;

    private final List<String> before;
    private final List<String> after;
    private final Map<String, List<Integer>> places;

    private UnifiedDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
        this.places = places(after);
    }

    /** Equal texts give an empty one. */
    public static String of(String before, String after) {
        var diff = new UnifiedDiff(List.of(before.split("\n", -1)), List.of(after.split("\n", -1)));
        var out = new StringBuilder();
        diff.hunks().forEach(hunk -> diff.print(hunk, out));
        return out.toString();
    }

    /** Lines of long texts that occur often are not looked for. */
    private static Map<String, List<Integer>> places(List<String> lines) {
        var places = new HashMap<String, List<Integer>>();
        for (int i = 0; i < lines.size(); i++) {
            places.computeIfAbsent(lines.get(i), line -> new ArrayList<>()).add(i);
        }
        if (lines.size() >= MANY_LINES) {
            int often = lines.size() / 100 + 1;
            places.values().removeIf(found -> found.size() > often);
        }
        return places;
    }

    /** Lines that are the same in both texts. */
    private record Match(int before, int after, int size) {}

    /** A stretch that is the same in both, or not. */
    private record Step(boolean same, int beforeFrom, int beforeTo, int afterFrom, int afterTo) {}

    private Match longest(int beforeFrom, int beforeTo, int afterFrom, int afterTo) {
        int bestBefore = beforeFrom;
        int bestAfter = afterFrom;
        int best = 0;
        Map<Integer, Integer> lengths = Map.of();
        for (int i = beforeFrom; i < beforeTo; i++) {
            var next = new HashMap<Integer, Integer>();
            for (int j : places.getOrDefault(before.get(i), List.of())) {
                if (j < afterFrom || j >= afterTo) {
                    continue;
                }
                int length = lengths.getOrDefault(j - 1, 0) + 1;
                next.put(j, length);
                if (length > best) {
                    bestBefore = i - length + 1;
                    bestAfter = j - length + 1;
                    best = length;
                }
            }
            lengths = next;
        }
        while (bestBefore > beforeFrom
                && bestAfter > afterFrom
                && before.get(bestBefore - 1).equals(after.get(bestAfter - 1))) {
            bestBefore--;
            bestAfter--;
            best++;
        }
        while (bestBefore + best < beforeTo
                && bestAfter + best < afterTo
                && before.get(bestBefore + best).equals(after.get(bestAfter + best))) {
            best++;
        }
        return new Match(bestBefore, bestAfter, best);
    }

    private List<Match> matches() {
        var found = new ArrayList<Match>();
        collect(0, before.size(), 0, after.size(), found);
        found.sort(Comparator.comparingInt(Match::before));
        var joined = new ArrayList<Match>();
        for (var match : found) {
            var last = joined.isEmpty() ? new Match(0, 0, 0) : joined.getLast();
            if (!joined.isEmpty()
                    && last.before() + last.size() == match.before()
                    && last.after() + last.size() == match.after()) {
                joined.set(joined.size() - 1, new Match(last.before(), last.after(), last.size() + match.size()));
            } else {
                joined.add(match);
            }
        }
        joined.add(new Match(before.size(), after.size(), 0));
        return joined;
    }

    private void collect(int beforeFrom, int beforeTo, int afterFrom, int afterTo, List<Match> found) {
        var match = longest(beforeFrom, beforeTo, afterFrom, afterTo);
        if (match.size() == 0) {
            return;
        }
        if (beforeFrom < match.before() && afterFrom < match.after()) {
            collect(beforeFrom, match.before(), afterFrom, match.after(), found);
        }
        found.add(match);
        int beforeEnd = match.before() + match.size();
        int afterEnd = match.after() + match.size();
        if (beforeEnd < beforeTo && afterEnd < afterTo) {
            collect(beforeEnd, beforeTo, afterEnd, afterTo, found);
        }
    }

    private List<Step> steps() {
        var steps = new ArrayList<Step>();
        int i = 0;
        int j = 0;
        for (var match : matches()) {
            if (i < match.before() || j < match.after()) {
                steps.add(new Step(false, i, match.before(), j, match.after()));
            }
            i = match.before() + match.size();
            j = match.after() + match.size();
            if (match.size() > 0) {
                steps.add(new Step(true, match.before(), i, match.after(), j));
            }
        }
        return steps;
    }

    private List<List<Step>> hunks() {
        var hunks = new ArrayList<List<Step>>();
        List<Step> hunk = new ArrayList<>();
        var steps = steps();
        for (int s = 0; s < steps.size(); s++) {
            var step = steps.get(s);
            if (!step.same()) {
                hunk.add(step);
                continue;
            }
            int length = step.beforeTo() - step.beforeFrom();
            boolean first = s == 0;
            boolean last = s == steps.size() - 1;
            if (!first && !last && length <= 2 * CONTEXT) {
                hunk.add(step);
                continue;
            }
            int kept = Math.min(CONTEXT, length);
            if (!first) {
                hunk.add(new Step(
                        true, step.beforeFrom(), step.beforeFrom() + kept, step.afterFrom(), step.afterFrom() + kept));
                hunks.add(hunk);
                hunk = new ArrayList<>();
            }
            if (!last) {
                hunk.add(
                        new Step(true, step.beforeTo() - kept, step.beforeTo(), step.afterTo() - kept, step.afterTo()));
            }
        }
        if (hunk.stream().anyMatch(step -> !step.same())) {
            hunks.add(hunk);
        }
        return hunks;
    }

    private void print(List<Step> hunk, StringBuilder out) {
        var first = hunk.getFirst();
        var last = hunk.getLast();
        out.append("@@ -")
                .append(range(first.beforeFrom(), last.beforeTo()))
                .append(" +")
                .append(range(first.afterFrom(), last.afterTo()))
                .append(" @@\n");
        for (var step : hunk) {
            if (step.same()) {
                lines(' ', before.subList(step.beforeFrom(), step.beforeTo()), out);
            } else {
                lines('-', before.subList(step.beforeFrom(), step.beforeTo()), out);
                lines('+', after.subList(step.afterFrom(), step.afterTo()), out);
            }
        }
    }

    private static void lines(char mark, List<String> lines, StringBuilder out) {
        lines.forEach(line -> out.append(mark).append(line).append('\n'));
    }

    private static String range(int from, int to) {
        int length = to - from;
        if (length == 1) {
            return Integer.toString(from + 1);
        }
        return (length == 0 ? from : from + 1) + "," + length;
    }
}
