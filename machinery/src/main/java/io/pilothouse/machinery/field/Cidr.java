package io.pilothouse.machinery.field;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A range of addresses in CIDR form, read leniently as {@link IpAddress} is. Immutable.
 *
 * @param address as written, with whatever bits it has beyond the prefix
 * @param bits of the prefix, of 32 or 128
 * @param strictBits whether a strict reader takes the prefix length too
 */
public record Cidr(IpAddress address, int bits, boolean strictBits) {

    /** Reads a range; empty for what is none even to a lenient reader. */
    public static Optional<Cidr> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        var address = IpAddress.parse(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = IpAddress.digits(length, 10, address.get().writtenBytes().length * 8);
        return bits < 0
                ? Optional.empty()
                : Optional.of(new Cidr(address.get(), bits, length.length() == 1 || length.charAt(0) != '0'));
    }

    /** The first address of the range. */
    public IpAddress network() {
        byte[] bytes = address.writtenBytes();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            bytes[i] &= (byte) (0xff << (8 - kept));
        }
        return IpAddress.of(bytes);
    }

    public boolean isV6() {
        return address.isV6();
    }

    public String family() {
        return address.family();
    }

    /** The bits of the prefix, of an IPv4-mapped range those of IPv4. */
    public int familyBits() {
        return network().isV4() && address.writtenBytes().length == 16 ? bits - 96 : bits;
    }

    /** How many bits are left to the addresses. */
    public int hostBits() {
        return (network().isV6() ? 128 : 32) - familyBits();
    }

    /** The first address as a number. */
    public BigInteger first() {
        return network().number();
    }

    /** The last address as a number. */
    public BigInteger last() {
        return first().add(BigInteger.ONE.shiftLeft(hostBits())).subtract(BigInteger.ONE);
    }

    public boolean contains(IpAddress ip) {
        return ip.isV6() == isV6()
                && ip.number().compareTo(first()) >= 0
                && ip.number().compareTo(last()) <= 0;
    }

    public boolean overlaps(Cidr other) {
        return other.isV6() == isV6()
                && first().compareTo(other.last()) <= 0
                && other.first().compareTo(last()) <= 0;
    }

    /** Whether every address of the other range is in this one. */
    public boolean contains(Cidr other) {
        return other.isV6() == isV6()
                && first().compareTo(other.first()) <= 0
                && other.last().compareTo(last()) <= 0;
    }

    /** The canonical form: no bits beyond the prefix. */
    @Override
    public String toString() {
        return network() + "/" + familyBits();
    }
}
