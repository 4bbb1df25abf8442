package io.pilothouse.controllers.cronjob;

import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * One field of a schedule.
 *
 * @param values those that it takes
 * @param any whether it was written as a star or a question mark, with or without a step; the day fields care
 */
record CronField(BitSet values, boolean any) {
    /** The numbers a field may have, and names for them from the first on. */
    record Bounds(int min, int max, List<String> names) {}

    /**
     * Reads a list of values, ranges and steps.
     *
     * @throws IllegalArgumentException if it is not one
     */
    static CronField parse(String text, Bounds bounds) {
        var values = new BitSet();
        boolean any = false;
        for (String part : text.split(",", -1)) {
            any |= part.startsWith("*") || part.startsWith("?");
            add(values, part, bounds);
        }
        return new CronField(values, any);
    }

    private static void add(BitSet values, String part, Bounds bounds) {
        String[] stepped = part.split("/", -1);
        String[] range = stepped[0].split("-", -1);
        if (stepped.length > 2 || range.length > 2) {
            throw new IllegalArgumentException("not a range: " + part);
        }
        boolean star = range[0].equals("*") || range[0].equals("?");
        int start = star ? bounds.min : number(range[0], bounds);
        int end = star ? bounds.max : range.length == 2 ? number(range[1], bounds) : start;
        int step = 1;
        if (stepped.length == 2) {
            step = Integer.parseInt(stepped[1]);
            // N/STEP means N-MAX/STEP.
            end = range.length == 1 ? bounds.max : end;
        }
        if (start < bounds.min || end > bounds.max || start > end || step < 1) {
            throw new IllegalArgumentException("out of range: " + part);
        }
        for (int value = start; value <= end; value += step) {
            values.set(value);
        }
    }

    private static int number(String text, Bounds bounds) {
        int named = bounds.names.indexOf(text.toLowerCase(Locale.ROOT));
        return named >= 0 ? bounds.min + named : Integer.parseInt(text);
    }

    boolean has(int value) {
        return values.get(value);
    }
}
