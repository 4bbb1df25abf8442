package io.pilothouse.cloud.ec2;

/** An IPv4 network. */
public record Cidr(int base, int bits) {
    public Cidr {
        if (bits < 0 || bits > 32) {
            throw new IllegalArgumentException("prefix length " + bits);
        }
        base = base & mask(bits);
    }

    /** Reads {@code a.b.c.d/n}. */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR: " + text);
        }
        return new Cidr(address(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
    }

    /** The number of a dotted address. */
    public static int address(String dotted) {
        String[] parts = dotted.split("\\.", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an IPv4 address: " + dotted);
        }
        int value = 0;
        for (String part : parts) {
            int octet = Integer.parseInt(part);
            if (octet < 0 || octet > 255) {
                throw new IllegalArgumentException("not an IPv4 address: " + dotted);
            }
            value = (value << 8) | octet;
        }
        return value;
    }

    /** The dotted form of an address. */
    public static String dotted(int address) {
        return ((address >>> 24) & 255) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }

    /** The address at that place in the network. */
    public String host(int index) {
        return dotted(base + index);
    }

    /** Whether the two have an address in common. */
    public boolean overlaps(Cidr other) {
        int common = Math.min(bits, other.bits);
        return (base & mask(common)) == (other.base & mask(common));
    }

    @Override
    public String toString() {
        return dotted(base) + "/" + bits;
    }

    private static int mask(int bits) {
        return bits == 0 ? 0 : -1 << (32 - bits);
    }
}
