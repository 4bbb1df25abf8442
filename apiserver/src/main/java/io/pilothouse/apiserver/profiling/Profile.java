package io.pilothouse.apiserver.profiling;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** A profile in the form that {@code go tool pprof} reads: gzipped {@code perftools.profiles.Profile} (profile.proto). For one thread. */
final class Profile {
    /** What is counted, and in what. */
    record Kind(String type, String unit) {}

    private static final int KIND = 1;
    private static final int SAMPLE = 2;
    private static final int LOCATION = 4;
    private static final int FUNCTION = 5;
    private static final int STRING = 6;
    private static final int TIME = 9;
    private static final int DURATION = 10;
    private static final int PERIOD_KIND = 11;
    private static final int PERIOD = 12;

    private final Kind periodKind;
    private final long period;
    private final List<Kind> kinds;
    private final Map<String, Integer> strings = new LinkedHashMap<>(Map.of("", 0));
    private final Map<List<String>, Integer> functions = new LinkedHashMap<>();
    private final Map<Frame, Integer> locations = new LinkedHashMap<>();
    private final Map<List<Integer>, long[]> samples = new LinkedHashMap<>();

    /**
     * @param period how many of {@code periodKind} lie between two samples
     * @param kinds what the values of each sample are
     */
    Profile(Kind periodKind, long period, Kind... kinds) {
        this.periodKind = periodKind;
        this.period = period;
        this.kinds = List.of(kinds);
    }

    /** Adds the values to those of the same stack, which begins with the innermost frame. */
    void add(List<Frame> stack, long... values) {
        var key = new ArrayList<Integer>(stack.size());
        for (var frame : stack) {
            key.add(locations.computeIfAbsent(frame, f -> locations.size() + 1));
        }
        long[] sums = samples.computeIfAbsent(key, k -> new long[kinds.size()]);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += values[i];
        }
    }

    private int string(String text) {
        return strings.computeIfAbsent(text, t -> strings.size());
    }

    /** All of it, as it was found at that time and in so long. */
    byte[] gzipped(Instant time, Duration duration) {
        var bytes = new ByteArrayOutputStream();
        try (var zipped = new GZIPOutputStream(bytes)) {
            var out = CodedOutputStream.newInstance(zipped);
            write(out, time, duration);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    private void write(CodedOutputStream out, Instant time, Duration duration) throws IOException {
        for (var kind : kinds) {
            message(out, KIND, inner -> kind(inner, kind));
        }
        for (var sample : samples.entrySet()) {
            message(out, SAMPLE, inner -> {
                packed(inner, 1, sample.getKey().stream().mapToLong(i -> i).toArray());
                packed(inner, 2, sample.getValue());
            });
        }
        for (var location : locations.entrySet()) {
            var frame = location.getKey();
            int function =
                    functions.computeIfAbsent(List.of(frame.function(), frame.file()), f -> functions.size() + 1);
            message(out, LOCATION, inner -> {
                inner.writeUInt64(1, location.getValue());
                message(inner, 4, line -> {
                    line.writeUInt64(1, function);
                    line.writeInt64(2, frame.line());
                });
            });
        }
        for (var function : functions.entrySet()) {
            message(out, FUNCTION, inner -> {
                inner.writeUInt64(1, function.getValue());
                inner.writeInt64(2, string(function.getKey().getFirst()));
                inner.writeInt64(3, string(function.getKey().getFirst()));
                inner.writeInt64(4, string(function.getKey().getLast()));
            });
        }
        message(out, PERIOD_KIND, inner -> kind(inner, periodKind));
        // After all that add to them.
        for (String text : strings.keySet()) {
            out.writeString(STRING, text);
        }
        out.writeInt64(TIME, time.getEpochSecond() * 1_000_000_000L + time.getNano());
        out.writeInt64(DURATION, duration.toNanos());
        out.writeInt64(PERIOD, period);
    }

    private void kind(CodedOutputStream out, Kind kind) throws IOException {
        out.writeInt64(1, string(kind.type()));
        out.writeInt64(2, string(kind.unit()));
    }

    private static void packed(CodedOutputStream out, int field, long[] values) throws IOException {
        message(out, field, inner -> {
            for (long value : values) {
                inner.writeUInt64NoTag(value);
            }
        });
    }

    /** Writes the fields of a message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static void message(CodedOutputStream out, int field, Fields fields) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var inner = CodedOutputStream.newInstance(bytes);
        fields.write(inner);
        inner.flush();
        out.writeBytes(field, ByteString.copyFrom(bytes.toByteArray()));
    }
}
