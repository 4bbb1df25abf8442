package io.pilothouse.apiserver.services;

import io.pilothouse.machinery.field.Cidr;
import io.pilothouse.machinery.field.IpAddress;
import java.math.BigInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * The addresses of a range that services can have: all but the first, and of IPv4 but the last. The first few of them are left to those
 * who choose their own, as long as others are free (upstream's static band).
 */
record AddressBand(Cidr range) {
    private static final long SMALLEST_BAND = 16;
    private static final long LARGEST_BAND = 256;

    IpAddress first() {
        return at(0);
    }

    /** How many addresses there are; at most what a long holds. */
    long size() {
        if (range.hostBits() > 62) {
            return 1L << 62;
        }
        return Math.max(0, (1L << range.hostBits()) - (range.isV6() ? 1 : 2));
    }

    boolean contains(IpAddress ip) {
        return range.contains(ip)
                && !ip.number().equals(range.first())
                && (ip.isV6() || !ip.number().equals(range.last()));
    }

    private IpAddress at(long n) {
        return IpAddress.of(range.first().add(BigInteger.valueOf(n + 1)), range.isV6());
    }

    private long chosenByHand() {
        long all = range.hostBits() > 62 ? 1L << 62 : 1L << range.hostBits();
        return all <= SMALLEST_BAND ? 0 : Math.clamp(all / 16, SMALLEST_BAND, LARGEST_BAND);
    }

    /**
     * Offers addresses until one is taken, from a random one on, those outside the band first.
     *
     * @return whether one was taken
     */
    boolean offer(RandomGenerator random, Predicate<IpAddress> take) {
        long band = Math.min(chosenByHand(), size());
        return offer(band, size(), random, take) || offer(0, band, random, take);
    }

    private boolean offer(long from, long to, RandomGenerator random, Predicate<IpAddress> take) {
        if (from >= to) {
            return false;
        }
        long start = random.nextLong(to - from);
        for (long i = 0; i < to - from; i++) {
            if (take.test(at(from + (start + i) % (to - from)))) {
                return true;
            }
        }
        return false;
    }
}
