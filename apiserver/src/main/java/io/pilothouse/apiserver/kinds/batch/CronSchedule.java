package io.pilothouse.apiserver.kinds.batch;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/** Whether a text is a schedule in cron's form; what is wrong is told in the words of the library that upstream reads them with. */
final class CronSchedule {
    private static final Map<String, Integer> MONTHS =
            names(1, "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    private static final Map<String, Integer> DAYS = names(0, "sun", "mon", "tue", "wed", "thu", "fri", "sat");
    private static final List<Bounds> FIELDS = List.of(
            new Bounds(0, 59, Map.of()),
            new Bounds(0, 23, Map.of()),
            new Bounds(1, 31, Map.of()),
            new Bounds(1, 12, MONTHS),
            new Bounds(0, 6, DAYS));
    private static final Set<String> DESCRIPTORS =
            Set.of("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly");
    private static final Pattern DURATION =
            Pattern.compile("[-+]?(0|(([0-9]+(\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final String EVERY = "@every ";

    /** What numbers and names a field takes. */
    private record Bounds(int min, int max, Map<String, Integer> names) {}

    private CronSchedule() {}

    private static Map<String, Integer> names(int first, String... names) {
        var map = new HashMap<String, Integer>();
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], first + i);
        }
        return Map.copyOf(map);
    }

    /** What is wrong; empty for a schedule. */
    static Optional<String> problem(String text) {
        try {
            read(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static void read(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty spec string");
        }
        String schedule = withoutZone(text);
        if (schedule.startsWith("@")) {
            descriptor(schedule);
            return;
        }
        var words = new StringTokenizer(schedule);
        var fields = new ArrayList<String>();
        while (words.hasMoreTokens()) {
            fields.add(words.nextToken());
        }
        if (fields.size() != FIELDS.size()) {
            throw new IllegalArgumentException(
                    "expected exactly 5 fields, found " + fields.size() + ": [" + String.join(" ", fields) + "]");
        }
        for (int i = 0; i < fields.size(); i++) {
            for (String range : fields.get(i).split(",", -1)) {
                if (!range.isEmpty()) {
                    range(range, FIELDS.get(i));
                }
            }
        }
    }

    private static String withoutZone(String text) {
        if (!text.startsWith("TZ=") && !text.startsWith("CRON_TZ=")) {
            return text;
        }
        int space = text.indexOf(' ');
        int equals = text.indexOf('=');
        if (space < 0) {
            // Upstream's library panics here, and says so.
            throw new IllegalArgumentException(
                    "invalid schedule format: runtime error: slice bounds out of range [:-1]");
        }
        String zone = text.substring(equals + 1, space);
        if (!isZone(zone)) {
            throw new IllegalArgumentException("provided bad location " + zone + ": unknown time zone " + zone);
        }
        return text.substring(space).strip();
    }

    /** Whether a time zone is known. */
    static boolean isZone(String zone) {
        return zone.isEmpty()
                || Set.of("UTC", "Local", "EST", "MST", "HST").contains(zone)
                || ZoneId.getAvailableZoneIds().contains(zone);
    }

    private static void descriptor(String text) {
        if (DESCRIPTORS.contains(text)) {
            return;
        }
        if (!text.startsWith(EVERY)) {
            throw new IllegalArgumentException("unrecognized descriptor: " + text);
        }
        String duration = text.substring(EVERY.length());
        if (!DURATION.matcher(duration).matches()) {
            throw new IllegalArgumentException(
                    "failed to parse duration " + text + ": time: invalid duration \"" + duration + "\"");
        }
    }

    private static void range(String text, Bounds bounds) {
        String[] stepped = text.split("/", -1);
        String[] ends = stepped[0].split("-", -1);
        long start;
        long end;
        if (ends[0].equals("*") || ends[0].equals("?")) {
            start = bounds.min();
            end = bounds.max();
        } else {
            start = number(ends[0], bounds.names());
            if (ends.length > 2) {
                throw new IllegalArgumentException("too many hyphens: " + text);
            }
            end = ends.length == 2 ? number(ends[1], bounds.names()) : start;
        }
        if (stepped.length > 2) {
            throw new IllegalArgumentException("too many slashes: " + text);
        }
        long step = 1;
        if (stepped.length == 2) {
            step = number(stepped[1], Map.of());
            end = ends.length == 1 ? bounds.max() : end;
        }
        if (start < bounds.min()) {
            throw new IllegalArgumentException(
                    "beginning of range (" + start + ") below minimum (" + bounds.min() + "): " + text);
        }
        if (end > bounds.max()) {
            throw new IllegalArgumentException(
                    "end of range (" + end + ") above maximum (" + bounds.max() + "): " + text);
        }
        if (start > end) {
            throw new IllegalArgumentException(
                    "beginning of range (" + start + ") beyond end of range (" + end + "): " + text);
        }
        if (step == 0) {
            throw new IllegalArgumentException("step of range should be a positive number: " + text);
        }
    }

    private static long number(String text, Map<String, Integer> names) {
        var named = names.get(text.toLowerCase(Locale.ROOT));
        if (named != null) {
            return named;
        }
        long number;
        try {
            number = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "failed to parse int from " + text + ": strconv.Atoi: parsing \"" + text + "\": invalid syntax", e);
        }
        if (number < 0) {
            throw new IllegalArgumentException("negative number (" + number + ") not allowed: " + text);
        }
        return number;
    }
}
