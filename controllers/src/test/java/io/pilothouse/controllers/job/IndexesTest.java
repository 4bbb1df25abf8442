package io.pilothouse.controllers.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class IndexesTest {
    @Test
    void readsAndWritesRanges() {
        assertThat(Indexes.parse("1,3-5,7", 10)).hasToString("1,3-5,7");
        assertThat(Indexes.parse("1,2,3-4", 10)).hasToString("1-4");
        assertThat(Indexes.parse("4,5", 10)).hasToString("4,5");
        assertThat(Indexes.parse("", 10)).isEqualTo(Indexes.NONE).hasToString("");
        assertThat(Indexes.parse(null, 10)).isEqualTo(Indexes.NONE);
    }

    @Test
    void leavesOutWhatIsBeyondTheCompletionsOrNoIndex() {
        assertThat(Indexes.parse("1,3-5,7", 5)).hasToString("1,3,4");
        assertThat(Indexes.parse("1,x,3-y,4", 5)).hasToString("1,4");
    }

    @Test
    void joins() {
        var some = Indexes.parse("1-3,8", 20);
        assertThat(some.with(List.of(4, 7))).hasToString("1-4,7,8");
        assertThat(some.with(Indexes.parse("0-2,5-9", 20))).hasToString("0-3,5-9");
        assertThat(some.total()).isEqualTo(4);
        assertThat(some.shared(Indexes.parse("0-2,8-9", 20))).isEqualTo(3);
    }

    @Test
    void findsAndMisses() {
        var some = Indexes.parse("1-3,6", 10);
        assertThat(List.of(0, 1, 3, 4, 6, 7)).map(some::has).containsExactly(false, true, true, false, true, false);
        assertThat(some.missing(3, 10)).containsExactly(0, 4, 5);
        assertThat(some.missing(9, 8)).containsExactly(0, 4, 5, 7);
        assertThat(Indexes.NONE.missing(2, 1)).containsExactly(0);
    }
}
