package io.pilothouse.worker.server;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/**
 * Which part of a log is wanted, and how.
 *
 * @param tailLines -1 for all
 * @param limitBytes -1 for all
 */
record LogOptions(
        boolean follow,
        boolean timestamps,
        boolean previous,
        long tailLines,
        long limitBytes,
        Optional<Instant> since) {
    /** @throws IllegalArgumentException for a value that is none */
    static LogOptions parse(Map<String, String> query, Instant now) {
        try {
            Optional<Instant> since = query.containsKey("sinceTime")
                    ? Optional.of(Instant.parse(query.get("sinceTime")))
                    : query.containsKey("sinceSeconds")
                            ? Optional.of(now.minusSeconds(Long.parseLong(query.get("sinceSeconds"))))
                            : Optional.empty();
            return new LogOptions(
                    flag(query, "follow"),
                    flag(query, "timestamps"),
                    flag(query, "previous"),
                    Long.parseLong(query.getOrDefault("tailLines", "-1")),
                    Long.parseLong(query.getOrDefault("limitBytes", "-1")),
                    since);
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new IllegalArgumentException("malformed log options: " + e.getMessage(), e);
        }
    }

    private static boolean flag(Map<String, String> query, String name) {
        String value = query.getOrDefault(name, "");
        return value.equals("true") || value.equals("1");
    }
}
