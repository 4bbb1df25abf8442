package io.pilothouse.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How much memory a server takes that holds many small pods. */
final class Held {
    private static final double MOST_MIB = 4_096;
    private static final Duration SETTLE = Duration.ofSeconds(10);

    /** A list's metadata come first. */
    private static final Pattern CONTINUE = Pattern.compile("\"continue\":\"([^\"]+)\"");

    private static final int PAGE = 500;

    private Held() {}

    static Section measure(Run.Setting setting, int pods) throws InterruptedException {
        var filled = Attempt.at(() -> fill(setting, pods));
        var title = String.format(Locale.ROOT, "%,d pods held", pods);
        var said = "Small pods of one container"
                + filled.ok()
                        .map(f -> String.format(Locale.ROOT, ", %,d bytes each", f.bytes()))
                        .orElse("") + "; the heap's limit is " + setting.heap() + ".";
        return Section.of(
                title,
                said,
                List.of(
                        Figure.of(
                                "resident memory when all are made",
                                new Figure.Goal(0, MOST_MIB),
                                "MiB",
                                filled.map(Filled::madeMib)),
                        Figure.of(
                                "resident memory after all were listed in pages of 500",
                                new Figure.Goal(0, MOST_MIB),
                                "MiB",
                                filled.map(Filled::listedMib))));
    }

    private record Filled(int bytes, double madeMib, double listedMib) {}

    private static Filled fill(Run.Setting setting, int pods) throws IOException, InterruptedException {
        try (var server = setting.start()) {
            server.succeed("POST", "/api/v1/namespaces", "{\"metadata\": {\"name\": \"held\"}}");
            var body = Files.writeString(setting.folder().resolve("small-pod.json"), SamplePod.small());
            Workload.posts(pods, "held", body.toString())
                    .load()
                    .within(Duration.ofMinutes(30))
                    .run(server, setting.folder());
            Thread.sleep(SETTLE);
            double made = server.meter().residentMib();
            int bytes = 0;
            var token = "";
            do {
                var page =
                        server.succeed("GET", "/api/v1/namespaces/held/pods?limit=" + PAGE + "&continue=" + token, "");
                bytes = bytes > 0 ? bytes : page.length() / Math.min(pods, PAGE);
                var next = CONTINUE.matcher(page.substring(0, Math.min(page.length(), 1_000)));
                token = next.find() ? next.group(1) : "";
            } while (!token.isEmpty());
            return new Filled(bytes, made, server.meter().residentMib());
        }
    }
}
