package io.pilothouse.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
    @Test
    void behavesAsATreeMapAndKeepsOldStates() {
        Random random = new Random(7);
        TreeMap<String, Integer> expected = new TreeMap<>();
        PersistentMap<Integer> map = PersistentMap.empty();
        PersistentMap<Integer> early = map;
        TreeMap<String, Integer> earlyExpected = new TreeMap<>();
        for (int i = 0; i < 20_000; i++) {
            String key = "k" + random.nextInt(3000);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, i);
                map = map.with(key, i);
            }
            if (i == 5000) {
                early = map;
                earlyExpected = new TreeMap<>(expected);
            }
        }
        assertSame(map, expected);
        assertSame(early, earlyExpected);
        for (int i = 0; i < 500; i++) {
            String from = "k" + random.nextInt(3000);
            String to = "k" + random.nextInt(3000);
            List<Integer> seen = new ArrayList<>();
            map.visit(from, to, seen::add);
            assertThat(seen)
                    .isEqualTo(
                            from.compareTo(to) > 0
                                    ? List.of()
                                    : new ArrayList<>(expected.subMap(from, to).values()));
            assertThat(map.rank(from)).isEqualTo(expected.headMap(from).size());
        }
    }

    private static void assertSame(PersistentMap<Integer> map, Map<String, Integer> expected) {
        List<Integer> values = new ArrayList<>();
        map.visit("", "\0", values::add);
        assertThat(values).isEqualTo(new ArrayList<>(expected.values()));
        assertThat(map.size()).isEqualTo(expected.size());
        expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    }

    @Test
    void isBuiltFromSortedKeys() {
        TreeMap<String, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 1001; i++) {
            expected.put("k%05d".formatted(i), i);
        }
        assertSame(PersistentMap.ofSorted(List.copyOf(expected.keySet()), List.copyOf(expected.values())), expected);
    }
}
