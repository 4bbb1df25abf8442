package io.pilothouse.apiserver.kinds.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexSetTest {
    @Test
    void countsIntervals() throws IndexSet.FormatException {
        assertThat(IndexSet.count("", 5)).isZero();
        assertThat(IndexSet.count("0,2-4", 5)).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "3-1", "1,0", "5", "1-", "0,0"})
    void refusesWhatIsNoAscendingSet(String text) {
        assertThatThrownBy(() -> IndexSet.count(text, 5)).isInstanceOf(IndexSet.FormatException.class);
    }

    @Test
    void findsTheFirstOverlap() {
        assertThat(IndexSet.overlap("0-3", "2,5", 9)).hasValue(2);
        assertThat(IndexSet.overlap("0-3", "4,5", 9)).isEmpty();
    }
}
