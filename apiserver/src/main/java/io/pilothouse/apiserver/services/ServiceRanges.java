package io.pilothouse.apiserver.services;

import io.pilothouse.machinery.field.Cidr;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges of addresses for services that a server is told of: one, or one of each family, the first of which is what services get that
 * do not ask for a family.
 */
public record ServiceRanges(List<Cidr> ranges) {
    private static final int SHORTEST_V6_PREFIX = 64;

    public ServiceRanges {
        ranges = List.copyOf(ranges);
    }

    /** @throws IllegalArgumentException for what is no range or two, as 10.96.0.0/16 or 10.96.0.0/16,fd00::/112 */
    public static ServiceRanges parse(String text) {
        var ranges = new ArrayList<Cidr>();
        for (String part : text.split(",", -1)) {
            var range = Cidr.parse(part.strip())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "\"" + part + "\" is not a range of addresses such as 10.96.0.0/16"));
            if (range.hostBits() < 2) {
                throw new IllegalArgumentException("the service range " + range + " is too small");
            }
            if (range.isV6() && range.bits() < SHORTEST_V6_PREFIX) {
                throw new IllegalArgumentException(
                        "the prefix of a service range of IPv6 has at least 64 bits: " + range);
            }
            ranges.add(range);
        }
        if (ranges.size() > 2
                || (ranges.size() == 2 && ranges.get(0).isV6() == ranges.get(1).isV6())) {
            throw new IllegalArgumentException("there is at most one service range of each family, not " + text);
        }
        return new ServiceRanges(ranges);
    }

    /** IPv4 or IPv6. */
    public String defaultFamily() {
        return ranges.getFirst().family();
    }

    public boolean serves(String family) {
        return ranges.stream().anyMatch(r -> r.family().equals(family));
    }

    public boolean isDualStack() {
        return ranges.size() == 2;
    }

    /** As a ServiceCIDR says them. */
    public List<String> texts() {
        return ranges.stream().map(Cidr::toString).toList();
    }

    /** The address of the API's own service. */
    public String firstAddress() {
        return new AddressBand(ranges.getFirst()).first().toString();
    }
}
