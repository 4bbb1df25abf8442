package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MapDiffTest {
    private static final int KEYS = 400;

    private final Random random = new Random(11);

    @Test
    void tellsWhatDiffersWithinARange() {
        for (int round = 0; round < 500; round++) {
            var before = changed(PersistentMap.empty(), random.nextInt(KEYS));
            var after = changed(before, random.nextInt(20));
            if (round % 10 == 0) {
                after = changed(PersistentMap.empty(), random.nextInt(KEYS)); // nothing is shared
            }
            String start = key();
            String end = round % 3 == 0 ? "\0" : key();
            var seen = new TreeMap<String, String>();
            MapDiff.visit(before, after, start, end, (key, was, is) -> {
                assertThat(seen.isEmpty() ? "" : seen.lastKey()).isLessThan(key);
                seen.put(key, was + ">" + is);
            });
            assertThat(seen).isEqualTo(expected(before, after, start, end));
        }
    }

    @Test
    void costsAPathAChange() {
        var before = PersistentMap.<Object>empty();
        for (int i = 0; i < 100_000; i++) {
            before = before.with("k" + i, i);
        }
        var after = before.with("k777", "other").without("k4242");
        var seen = new TreeSet<String>();
        long start = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            MapDiff.visit(before, after, "", "\0", (key, was, is) -> seen.add(key));
        }
        assertThat(seen).containsExactly("k4242", "k777");
        // A walk through all keys takes milliseconds each.
        assertThat(System.nanoTime() - start).isLessThan(200_000_000L);
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private PersistentMap<Object> changed(PersistentMap<Object> map, int changes) {
        var made = map;
        for (int i = 0; i < changes; i++) {
            made = random.nextInt(3) == 0 ? made.without(key()) : made.with(key(), random.nextInt());
        }
        return made;
    }

    private static Map<String, String> expected(
            PersistentMap<Object> before, PersistentMap<Object> after, String start, String end) {
        var expected = new TreeMap<String, String>();
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            var was = before.get(key);
            var is = after.get(key);
            if (key.compareTo(start) >= 0 && (end.equals("\0") || key.compareTo(end) < 0) && !Objects.equals(was, is)) {
                expected.put(key, was + ">" + is);
            }
        }
        return expected;
    }
}
