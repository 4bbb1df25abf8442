package io.pilothouse.machinery.field;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An IP address as Kubernetes reads it: leniently, as old versions of Go did (leading zeros, IPv4-mapped IPv6), with what a strict reader
 * thinks of the text. An IPv4-mapped address is an IPv4 address. Immutable.
 */
public final class IpAddress {
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int V6_GROUPS = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final byte[] bytes;
    private final boolean colons;
    private final boolean strict;

    private IpAddress(byte[] bytes, boolean colons, boolean strict) {
        this.bytes = bytes;
        this.colons = colons;
        this.strict = strict;
    }

    /** Reads an address; empty for what is none even to a lenient reader. */
    public static Optional<IpAddress> parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' || c == ':') {
                return Optional.ofNullable(c == '.' ? parseV4(text) : parseV6(text));
            }
        }
        return Optional.empty();
    }

    /** The address of so many bytes, 4 or 16. */
    static IpAddress of(byte[] bytes) {
        return new IpAddress(bytes.clone(), bytes.length == V6_BYTES, true);
    }

    /** The n-th address of the family of IPv4 or IPv6. */
    public static IpAddress of(BigInteger number, boolean v6) {
        byte[] out = new byte[v6 ? V6_BYTES : V4_BYTES];
        byte[] magnitude = number.toByteArray();
        for (int i = 0; i < Math.min(out.length, magnitude.length); i++) {
            out[out.length - 1 - i] = magnitude[magnitude.length - 1 - i];
        }
        return of(out);
    }

    private static @Nullable IpAddress parseV4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != V4_BYTES) {
            return null;
        }
        byte[] out = new byte[V4_BYTES];
        boolean strict = true;
        for (int i = 0; i < V4_BYTES; i++) {
            int value = digits(parts[i], 10, 255);
            if (value < 0) {
                return null;
            }
            strict &= parts[i].length() == 1 || parts[i].charAt(0) != '0';
            out[i] = (byte) value;
        }
        return new IpAddress(out, false, strict);
    }

    /** The number that all of the text is; -1 for none or one that is too large. */
    static int digits(String text, int radix, int largest) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
            if (value > largest) {
                return -1;
            }
        }
        return text.isEmpty() ? -1 : value;
    }

    private static @Nullable IpAddress parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] out = new byte[V6_BYTES];
        var strict = new boolean[] {true};
        if (gap < 0) {
            byte[] whole = groups(text, true, strict);
            return whole == null || whole.length != V6_BYTES ? null : new IpAddress(whole, true, strict[0]);
        }
        byte[] head = groups(text.substring(0, gap), false, strict);
        byte[] tail = groups(text.substring(gap + 2), true, strict);
        if (head == null || tail == null || head.length + tail.length >= V6_BYTES) {
            return null;
        }
        System.arraycopy(head, 0, out, 0, head.length);
        System.arraycopy(tail, 0, out, V6_BYTES - tail.length, tail.length);
        return new IpAddress(out, true, strict[0]);
    }

    /** The bytes of groups between colons, the last of which may be an IPv4 address; null for what is none. */
    private static byte @Nullable [] groups(String text, boolean last, boolean[] strict) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        var parts = text.split(":", -1);
        if (parts.length > V6_GROUPS) {
            return null;
        }
        byte[] out = new byte[parts.length * 2 + 2];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            if (last && i == parts.length - 1 && parts[i].contains(".")) {
                var v4 = parseV4(parts[i]);
                if (v4 == null) {
                    return null;
                }
                strict[0] &= v4.strict;
                System.arraycopy(v4.bytes, 0, out, length, V4_BYTES);
                return Arrays.copyOf(out, length + V4_BYTES);
            }
            int value = digits(parts[i], 16, 0xffff);
            if (value < 0) {
                return null;
            }
            strict[0] &= parts[i].length() <= 4;
            out[length++] = (byte) (value >> 8);
            out[length++] = (byte) value;
        }
        return Arrays.copyOf(out, length);
    }

    /** Whether a strict reader takes the text too. */
    public boolean isStrict() {
        return strict;
    }

    /** Whether this is an IPv4 address that was written as an IPv6 one. */
    public boolean isMapped() {
        return colons && hasMappedPrefix();
    }

    private boolean hasMappedPrefix() {
        return bytes.length == V6_BYTES && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
    }

    public boolean isV6() {
        return bytes.length == V6_BYTES && !hasMappedPrefix();
    }

    public boolean isV4() {
        return !isV6();
    }

    /** IPv4 or IPv6, as a service's ipFamilies names them. */
    public String family() {
        return isV6() ? "IPv6" : "IPv4";
    }

    /** The bytes: 4 of an IPv4 address, 16 of an IPv6 one. */
    byte[] bytes() {
        return hasMappedPrefix() ? Arrays.copyOfRange(bytes, MAPPED.length, V6_BYTES) : bytes.clone();
    }

    /** The bytes in the form in which the address was written. */
    byte[] writtenBytes() {
        return bytes.clone();
    }

    /** The address as a number. */
    public BigInteger number() {
        return new BigInteger(1, bytes());
    }

    public boolean isUnspecified() {
        return number().signum() == 0;
    }

    public boolean isLoopback() {
        return isV6() ? number().equals(BigInteger.ONE) : bytes()[0] == 127;
    }

    public boolean isLinkLocalUnicast() {
        byte[] b = bytes();
        return isV6() ? (b[0] & 0xff) == 0xfe && (b[1] & 0xc0) == 0x80 : (b[0] & 0xff) == 169 && (b[1] & 0xff) == 254;
    }

    public boolean isLinkLocalMulticast() {
        byte[] b = bytes();
        return isV6() ? (b[0] & 0xff) == 0xff && (b[1] & 0x0f) == 0x02 : (b[0] & 0xff) == 224 && b[1] == 0 && b[2] == 0;
    }

    /** The canonical form: of an IPv6 address that of RFC 5952, of an IPv4-mapped one that of IPv4. */
    @Override
    public String toString() {
        return isV6() ? v6Text(bytes) : v4Text(bytes());
    }

    /** As {@link #toString}, but an IPv4-mapped address stays one. */
    String strictText() {
        return isMapped() ? "::ffff:" + v4Text(bytes()) : toString();
    }

    private static String v4Text(byte[] b) {
        return (b[0] & 0xff) + "." + (b[1] & 0xff) + "." + (b[2] & 0xff) + "." + (b[3] & 0xff);
    }

    private static String v6Text(byte[] b) {
        int[] groups = new int[V6_GROUPS];
        for (int i = 0; i < V6_GROUPS; i++) {
            groups[i] = (b[2 * i] & 0xff) << 8 | (b[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < V6_GROUPS; i++) {
            int run = i;
            while (run < V6_GROUPS && groups[run] == 0) {
                run++;
            }
            if (run - i > length) {
                start = i;
                length = run - i;
            }
            i = Math.max(i, run - 1);
        }
        var out = new StringBuilder();
        for (int i = 0; i < V6_GROUPS; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
            } else {
                out.append(out.isEmpty() || out.charAt(out.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof IpAddress ip && Arrays.equals(bytes(), ip.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }
}
