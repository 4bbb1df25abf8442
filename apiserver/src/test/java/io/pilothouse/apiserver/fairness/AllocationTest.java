package io.pilothouse.apiserver.fairness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AllocationTest {
    private static final Offset<Double> CLOSE = within(1e-6);

    @Test
    void eachGetsTheSamePartOfItsTarget() {
        var outcome = Allocation.of(
                30,
                List.of(
                        new Allocation.Wish(0, 10, 100),
                        new Allocation.Wish(0, 20, 100),
                        new Allocation.Wish(0, 30, 100)));

        assertThat(outcome.factor()).isCloseTo(0.5, CLOSE);
        assertThat(outcome.seats()).containsExactly(new double[] {5, 10, 15}, CLOSE);
    }

    @Test
    void boundsHoldAndTheOthersShareWhatIsLeft() {
        var outcome = Allocation.of(
                100,
                List.of(
                        new Allocation.Wish(40, 40, 100),
                        new Allocation.Wish(0, 50, 10),
                        new Allocation.Wish(5, 20, 200)));

        assertThat(Arrays.stream(outcome.seats()).sum()).isCloseTo(100, CLOSE);
        assertThat(outcome.seats()[1]).isCloseTo(10, CLOSE);
        assertThat(outcome.seats()[0] / 40).isCloseTo(outcome.seats()[2] / 20, CLOSE);
    }

    @Test
    void moreThanAllUpperBoundsGivesTheUpperBounds() {
        var outcome = Allocation.of(100, List.of(new Allocation.Wish(1, 2, 3), new Allocation.Wish(1, 2, 4)));

        assertThat(outcome.seats()).containsExactly(new double[] {3, 4}, CLOSE);
    }
}
