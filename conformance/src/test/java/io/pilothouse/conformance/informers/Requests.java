package io.pilothouse.conformance.informers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The lists and watches that the server has answered, counted from its audit log.
 *
 * @param lists by user and what was listed
 * @param watches by user and what was watched
 */
record Requests(Map<String, Integer> lists, Map<String, Integer> watches) {
    private static final List<String> MOMENTARY =
            List.of("resourceVersion", "resourceVersionMatch", "timeoutSeconds", "watch", "allowWatchBookmarks");

    static Requests of(Path auditLog) throws IOException {
        var requests = new Requests(new TreeMap<>(), new TreeMap<>());
        try (Stream<String> lines = Files.lines(auditLog)) {
            for (String line : (Iterable<String>) lines::iterator) {
                var event = Api.JSON.readTree(line);
                var counts = event.path("verb").asText().equals("list") ? requests.lists : requests.watches;
                var user = event.path("user").path("username").asText();
                if (ServerProcess.USERS.contains(user)) {
                    counts.merge(user + " " + lasting(event.path("requestURI").asText()), 1, Integer::sum);
                }
            }
        }
        return requests;
    }

    /** What is asked for, without from when and for how long. */
    private static String lasting(String uri) {
        var parts = uri.split("\\?", 2);
        var kept = parts.length < 2
                ? List.<String>of()
                : Stream.of(parts[1].split("&"))
                        .filter(p -> !p.isEmpty() && !MOMENTARY.contains(p.split("=", 2)[0]))
                        .sorted()
                        .toList();
        return kept.isEmpty() ? parts[0] : parts[0] + "?" + String.join("&", kept);
    }
}
