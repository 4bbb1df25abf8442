package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotIndexTest {
    private static final String PREFIX = "/registry/pods/";

    private final Random random = new Random(5);
    private final SnapshotIndex<String> index = new SnapshotIndex<>(PREFIX, SnapshotIndexTest::color);

    /** Entries hold a color, or none, or what can't be read. */
    private static Optional<String> color(CacheEntry<String> entry) {
        return entry.error().isPresent() || entry.value().isEmpty() ? Optional.empty() : Optional.of(entry.value());
    }

    @Test
    void findsInEverySnapshotWhatAScanFinds() {
        var snapshots = new ArrayList<CacheSnapshot<String>>();
        var map = PersistentMap.<CacheEntry<String>>empty();
        var colors = List.of("red", "green", "blue", "", "broken");
        for (int revision = 1; revision < 3_000; revision++) {
            String key = (random.nextInt(10) == 0 ? "/registry/nodes/" : PREFIX) + "ns" + random.nextInt(3) + "/"
                    + random.nextInt(200);
            map = random.nextInt(4) == 0
                    ? map.without(key)
                    : map.with(key, entry(key, revision, colors.get(random.nextInt(colors.size()))));
            snapshots.add(new CacheSnapshot<>(revision, map));
            if (random.nextInt(20) == 0) {
                // The newest, or one from before: both are asked for.
                var snapshot = snapshots.get(snapshots.size() - 1 - random.nextInt(Math.min(50, snapshots.size())));
                for (var color : List.of("red", "blue", "purple")) {
                    var found = index.narrowed(snapshot, color);
                    assertThat(found.revision()).isEqualTo(snapshot.revision());
                    assertThat(found.prefix(PREFIX)).isEqualTo(scanned(snapshot, PREFIX, color));
                    assertThat(found.prefix(PREFIX + "ns1/")).isEqualTo(scanned(snapshot, PREFIX + "ns1/", color));
                }
            }
        }
    }

    private static List<CacheEntry<String>> scanned(CacheSnapshot<String> snapshot, String prefix, String color) {
        return snapshot.prefix(prefix).stream()
                .filter(entry -> color(entry).equals(Optional.of(color)))
                .toList();
    }

    private static CacheEntry<String> entry(String key, long revision, String color) {
        var stored = new KeyValue(key, color.getBytes(StandardCharsets.UTF_8), revision, revision, 1, 0);
        return new CacheEntry<>(stored, SnapshotIndexTest::decode, List.of());
    }

    private static String decode(KeyValue stored) {
        var color = new String(stored.value(), StandardCharsets.UTF_8);
        if (color.equals("broken")) {
            throw new IllegalStateException("expected by the test");
        }
        return color;
    }
}
