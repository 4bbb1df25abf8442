package io.pilothouse.machinery.gotext;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
    private static String lines(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    }

    @Test
    void equalTextsDifferInNothing() {
        assertThat(UnifiedDiff.of("a\nb", "a\nb")).isEmpty();
    }

    @Test
    void showsThreeLinesAroundAChange() {
        assertThat(UnifiedDiff.of(lines(0, 20), lines(0, 20).replace("\n10\n", "\nx\ny\n")))
                .isEqualTo("@@ -8,7 +8,8 @@\n 7\n 8\n 9\n-10\n+x\n+y\n 11\n 12\n 13\n");
    }

    @Test
    void joinsChangesThatAreClose() {
        String changed = lines(0, 20).replace("\n3\n", "\nx\n").replace("\n9\n", "\n");
        assertThat(UnifiedDiff.of(lines(0, 20), changed))
                .isEqualTo("@@ -1,13 +1,12 @@\n 0\n 1\n 2\n-3\n+x\n 4\n 5\n 6\n 7\n 8\n-9\n 10\n 11\n 12\n");
    }

    @Test
    void splitsChangesThatAreFar() {
        String changed = lines(0, 20).replaceFirst("^0\n", "x\n").replaceFirst("\n19$", "\ny");
        assertThat(UnifiedDiff.of(lines(0, 20), changed))
                .isEqualTo("@@ -1,4 +1,4 @@\n-0\n+x\n 1\n 2\n 3\n@@ -17,4 +17,4 @@\n 16\n 17\n 18\n-19\n+y\n");
    }
}
