package io.pilothouse.apiserver.services;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * A range of IPv4 addresses, as 10.96.0.0/16. The first and the last address are not for services.
 *
 * @param base the first address as a number
 * @param bits of the prefix
 */
public record AddressRange(long base, int bits) {
    private static final Pattern ADDRESS = Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!$)|$)){4}");
    private static final Pattern FORM = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3}){3})/(\\d{1,2})");

    /** @throws IllegalArgumentException for what is no IPv4 range of at most /30 */
    public static AddressRange parse(String text) {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IPv4 range such as 10.96.0.0/16");
        }
        int bits = Integer.parseInt(match.group(2));
        if (bits < 8 || bits > 30) {
            throw new IllegalArgumentException("a service range has a prefix of 8 to 30 bits, not " + bits);
        }
        long mask = -1L << (32 - bits) & 0xffffffffL;
        return new AddressRange(number(match.group(1)) & mask, bits);
    }

    private static long number(String address) {
        try {
            return new BigInteger(1, InetAddress.getByName(address).getAddress()).longValue();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + address + "\" is not an IPv4 address", e);
        }
    }

    /** How many addresses services can have. */
    public long size() {
        return (1L << (32 - bits)) - 2;
    }

    /** The n-th address for services, from 0. */
    public String address(long n) {
        long value = base + 1 + n;
        return (value >> 24 & 255) + "." + (value >> 16 & 255) + "." + (value >> 8 & 255) + "." + (value & 255);
    }

    /** False too for what is no IPv4 address. */
    public boolean contains(String address) {
        if (!ADDRESS.matcher(address).matches()) {
            return false;
        }
        long value = number(address);
        return value > base && value < base + (1L << (32 - bits)) - 1;
    }

    /**
     * Where addresses that nobody asked for by name begin: the part before is left to those who choose their own (upstream's static band).
     */
    public long dynamicStart() {
        long band = Math.min(Math.max(size() / 16, 16), 256);
        return size() <= 16 ? 0 : band;
    }

    @Override
    public String toString() {
        return address(-1) + "/" + bits;
    }
}
