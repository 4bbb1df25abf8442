package io.pilothouse.controllers.cronjob;

import io.pilothouse.controllers.runtime.ClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** When something is due: the five fields of cron (minute, hour, day of the month, month, day of the week), a descriptor such as @daily, or @every with a duration. */
sealed interface CronSchedule {
    /** The first time after this one that it names; empty where there is none within five years. */
    Optional<Instant> next(Instant after);

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none
     */
    static CronSchedule parse(String text, ZoneId zone) {
        String schedule = text.strip();
        ZoneId in = zone;
        if (schedule.startsWith("TZ=") || schedule.startsWith("CRON_TZ=")) {
            int space = schedule.indexOf(' ');
            if (space < 0) {
                throw new IllegalArgumentException("not a schedule: " + text);
            }
            in = zone(schedule.substring(schedule.indexOf('=') + 1, space));
            schedule = schedule.substring(space).strip();
        }
        if (schedule.startsWith("@every ")) {
            Duration period = ClientOptions.duration(
                    schedule.substring("@every ".length()).strip());
            return new Every(
                    period.compareTo(Duration.ofSeconds(1)) < 0
                            ? Duration.ofSeconds(1)
                            : period.truncatedTo(ChronoUnit.SECONDS));
        }
        String[] fields = Fields.DESCRIPTORS.getOrDefault(schedule, schedule).split("\\s+", -1);
        if (fields.length != 5) {
            throw new IllegalArgumentException("expected exactly 5 fields, found " + fields.length + ": " + text);
        }
        return new Fields(
                CronField.parse(fields[0], Fields.MINUTES),
                CronField.parse(fields[1], Fields.HOURS),
                CronField.parse(fields[2], Fields.DAYS),
                CronField.parse(fields[3], Fields.MONTHS),
                CronField.parse(fields[4], Fields.WEEKDAYS),
                in);
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone " + name, e);
        }
    }

    /** A fixed period. */
    record Every(Duration period) implements CronSchedule {
        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(after.truncatedTo(ChronoUnit.SECONDS).plus(period));
        }
    }

    /** The five fields, in a time zone. */
    record Fields(CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays, ZoneId zone)
            implements CronSchedule {
        private static final CronField.Bounds MINUTES = new CronField.Bounds(0, 59, List.of());
        private static final CronField.Bounds HOURS = new CronField.Bounds(0, 23, List.of());
        private static final CronField.Bounds DAYS = new CronField.Bounds(1, 31, List.of());
        private static final CronField.Bounds MONTHS = new CronField.Bounds(
                1, 12, List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"));
        private static final CronField.Bounds WEEKDAYS =
                new CronField.Bounds(0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));
        private static final Map<String, String> DESCRIPTORS = Map.of(
                "@yearly",
                "0 0 1 1 *",
                "@annually",
                "0 0 1 1 *",
                "@monthly",
                "0 0 1 * *",
                "@weekly",
                "0 0 * * 0",
                "@daily",
                "0 0 * * *",
                "@midnight",
                "0 0 * * *",
                "@hourly",
                "0 * * * *");
        private static final int YEARS = 5;

        @Override
        public Optional<Instant> next(Instant after) {
            ZonedDateTime time =
                    after.atZone(zone).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            ZonedDateTime last = time.plusYears(YEARS);
            while (time.isBefore(last)) {
                if (!months.has(time.getMonthValue())) {
                    time = time.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).plusMonths(1);
                } else if (!dayFits(time)) {
                    time = time.truncatedTo(ChronoUnit.DAYS).plusDays(1);
                } else if (!hours.has(time.getHour())) {
                    time = time.truncatedTo(ChronoUnit.HOURS).plusHours(1);
                } else if (!minutes.has(time.getMinute())) {
                    time = time.plusMinutes(1);
                } else {
                    return Optional.of(time.toInstant());
                }
            }
            return Optional.empty();
        }

        /** Where both day fields are restricted, one of them is enough. */
        private boolean dayFits(ZonedDateTime time) {
            boolean ofMonth = days.has(time.getDayOfMonth());
            boolean ofWeek = weekdays.has(time.getDayOfWeek().getValue() % 7);
            boolean restricted = !days.any() && !weekdays.any();
            return restricted ? ofMonth || ofWeek : ofMonth && ofWeek;
        }
    }
}
