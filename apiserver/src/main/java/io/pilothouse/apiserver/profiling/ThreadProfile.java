package io.pilothouse.apiserver.profiling;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/** Where all threads are, platform and virtual ones: they stand for goroutines. */
final class ThreadProfile {
    private final Clock clock;

    /** @param stack the innermost frame first */
    private record Seen(String id, String name, boolean virtual, String state, List<Frame> stack) {}

    ThreadProfile(Clock clock) {
        this.clock = clock;
    }

    byte[] profile() throws IOException {
        var kind = new Profile.Kind("goroutine", "count");
        var profile = new Profile(kind, 1, kind);
        dump().forEach(thread -> profile.add(thread.stack(), 1));
        return profile.gzipped(clock.instant(), Duration.ZERO);
    }

    /** How many threads are at each place, the most first. */
    String counts() throws IOException {
        var threads = dump();
        var counts = new LinkedHashMap<List<Frame>, Integer>();
        threads.forEach(thread -> counts.merge(thread.stack(), 1, Integer::sum));
        var text = new StringBuilder("goroutine profile: total " + threads.size() + "\n");
        counts.entrySet().stream()
                .sorted(Comparator.comparingInt(e -> -e.getValue()))
                .forEach(e -> {
                    text.append(e.getValue()).append(" @\n");
                    e.getKey().forEach(f -> text.append("#\t").append(place(f)).append('\n'));
                    text.append('\n');
                });
        return text.toString();
    }

    /** Each thread by itself. */
    String stacks() throws IOException {
        var text = new StringBuilder();
        for (var thread : dump()) {
            text.append("goroutine ")
                    .append(thread.id())
                    .append(" [")
                    .append(thread.state().toLowerCase(Locale.ROOT).replace('_', ' '))
                    .append(thread.virtual() ? ", virtual]: " : ", platform]: ")
                    .append(thread.name())
                    .append('\n');
            thread.stack().forEach(f -> text.append('\t').append(place(f)).append('\n'));
            text.append('\n');
        }
        return text.toString();
    }

    private static String place(Frame frame) {
        return frame.file().isEmpty() ? frame.function() : frame.function() + "\t" + frame.file() + ":" + frame.line();
    }

    int count() throws IOException {
        return dump().size();
    }

    private static List<Seen> dump() throws IOException {
        Path folder = Files.createTempDirectory("threads");
        Path file = folder.resolve("dump.json");
        try {
            ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .dumpThreads(file.toString(), ThreadDumpFormat.JSON);
            var threads = new ArrayList<Seen>();
            for (JsonNode container :
                    Json.tree(Files.readAllBytes(file)).path("threadDump").path("threadContainers")) {
                container.path("threads").forEach(thread -> threads.add(seen(thread)));
            }
            return threads;
        } catch (DecodeException e) {
            throw new IOException("the threads cannot be told", e);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    private static Seen seen(JsonNode thread) {
        return new Seen(
                thread.path("tid").asText(),
                thread.path("name").asText(),
                thread.path("virtual").asBoolean(),
                thread.path("state").asText(),
                thread.path("stack")
                        .valueStream()
                        .map(f -> Frame.parse(f.asText()))
                        .toList());
    }
}
