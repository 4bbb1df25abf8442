package io.pilothouse.apiserver.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeatDealerTest {
    @Test
    void dealsWhatTakingCardsFromADeckWouldDeal() {
        // Found by taking cards out of a list of 64.
        long hash = SeatDealer.hash("service-accounts", "system:serviceaccount:kube-system:x");
        int[] hand = new int[6];

        SeatDealer.deal(hash, 64, hand);

        assertThat(hash).isEqualTo(6564309125671557990L);
        assertThat(hand).containsExactly(38, 34, 59, 15, 24, 5);
    }

    @Test
    void aHandOfAllCardsHasEachOnce() {
        int[] hand = new int[5];

        SeatDealer.deal(-1, 5, hand);

        assertThat(hand).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
    }
}
