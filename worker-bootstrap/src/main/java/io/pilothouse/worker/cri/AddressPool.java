package io.pilothouse.worker.cri;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The addresses of an IPv4 range that pods may have: all but its ends and the first after them, which is the gateway's. The one that was given back
 * last comes last. For one thread at a time.
 */
final class AddressPool {
    private static final int BITS = 32;

    private final long first;
    private final long size;
    private final Set<Long> taken = new HashSet<>();
    private long next;

    /** @param range as 10.40.1.0/26 */
    AddressPool(String range) {
        int slash = range.indexOf('/');
        long all = 1L << (BITS - Integer.parseInt(range.substring(slash + 1)));
        long start = 0;
        for (String part : range.substring(0, slash).split("\\.", -1)) {
            start = start << 8 | Integer.parseInt(part);
        }
        this.first = (start & -all) + 2;
        this.size = Math.max(0, all - 3);
    }

    /** An address that nobody has; empty where all are taken. */
    Optional<String> take() {
        for (long i = 0; i < size; i++) {
            long candidate = (next + i) % size;
            if (taken.add(candidate)) {
                next = candidate + 1;
                return Optional.of(text(first + candidate));
            }
        }
        return Optional.empty();
    }

    /** Gives back an address that was taken here. */
    void release(String address) {
        taken.removeIf(offset -> text(first + offset).equals(address));
    }

    private static String text(long address) {
        return IntStream.of(24, 16, 8, 0)
                .mapToObj(shift -> Long.toString(address >> shift & 0xff))
                .collect(Collectors.joining("."));
    }
}
