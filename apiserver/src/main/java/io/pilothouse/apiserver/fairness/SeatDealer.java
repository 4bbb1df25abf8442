package io.pilothouse.apiserver.fairness;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Shuffle sharding: deals every flow a hand of queues, the same one each time, so that few flows share all of theirs with a busy one. */
final class SeatDealer {
    private SeatDealer() {}

    /** Upstream's hash of a flow. */
    static long hash(String schema, String flow) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update(schema.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            digest.update(flow.getBytes(StandardCharsets.UTF_8));
            byte[] sum = digest.digest();
            long value = 0;
            for (int i = 7; i >= 0; i--) {
                value = (value << 8) | (sum[i] & 0xff);
            }
            return value;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /**
     * Deals a hand.
     *
     * @param hand filled with different numbers below {@code deck}
     */
    static void deal(long hash, int deck, int[] hand) {
        long rest = hash;
        for (int i = 0; i < hand.length; i++) {
            int left = deck - i;
            hand[i] = (int) Long.remainderUnsigned(rest, left);
            rest = Long.divideUnsigned(rest, left);
        }
        // So far each is a number among the cards that were left. Each one dealt before, at or below it, moves it up by
        // one.
        for (int i = hand.length - 1; i > 0; i--) {
            int card = hand[i];
            for (int j = i - 1; j >= 0; j--) {
                if (card >= hand[j]) {
                    card++;
                }
            }
            hand[i] = card;
        }
    }
}
