package io.pilothouse.machinery.field;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The formats of IP addresses: what older fields may still hold (leading zeros, IPv4 addresses mapped into IPv6), what new values
 * must be, and how an address is written best. Nothing is ever looked up.
 */
public final class AddressFormat {
    private static final int GROUPS = 8;
    private static final int MAPPED_PREFIX = 12;

    private AddressFormat() {}

    /** What is wrong with a new address, in upstream's words. */
    public static List<String> ip(String text) {
        var bytes = parse(text);
        if (bytes.isEmpty()) {
            return List.of("must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)");
        }
        var errors = new ArrayList<String>();
        if (hasLeadingZeros(text)) {
            errors.add("must not have leading 0s");
        } else if (text.indexOf(':') >= 0 && isMapped(bytes.get())) {
            errors.add("must not be an IPv4-mapped IPv6 address");
        }
        return errors;
    }

    /** What a client is told of an address that can be read but is not written well. */
    public static List<String> warnings(FieldPath path, String text) {
        var bytes = parse(text);
        if (bytes.isEmpty()) {
            return List.of();
        }
        boolean sixth = text.indexOf(':') >= 0;
        String best = print(bytes.get());
        if (hasLeadingZeros(text) || (sixth && isMapped(bytes.get()))) {
            return List.of(path + ": non-standard IP address " + GoText.quote(text) + " is invalid: use "
                    + GoText.quote(best));
        }
        return sixth && !best.equals(text)
                ? List.of(path + ": IPv6 address " + GoText.quote(text) + " should be in RFC 5952 canonical format ("
                        + GoText.quote(best) + ")")
                : List.of();
    }

    /** Whether the addresses are of both families; one that cannot be read is of none. */
    public static boolean isDualStack(List<String> addresses) {
        boolean four = false;
        boolean six = false;
        for (String address : addresses) {
            var bytes = parse(address);
            if (bytes.isPresent()) {
                boolean isFour = bytes.get().length == 4 || isMapped(bytes.get());
                four |= isFour;
                six |= !isFour;
            }
        }
        return four && six;
    }

    /** The bytes of an address, four or sixteen; leading zeros are read over. */
    public static Optional<byte[]> parse(String text) {
        return text.indexOf(':') >= 0 ? parseSix(text) : parseFour(text);
    }

    private static Optional<byte[]> parseFour(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] out = new byte[4];
        for (int i = 0; i < 4; i++) {
            int value = number(parts[i], 10, 7);
            if (value < 0 || value > 255) {
                return Optional.empty();
            }
            out[i] = (byte) value;
        }
        return Optional.of(out);
    }

    private static int number(String digits, int radix, int longest) {
        if (digits.isEmpty() || digits.length() > longest) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 128 ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    private static Optional<byte[]> parseSix(String text) {
        int gap = text.indexOf("::");
        if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
            return Optional.empty();
        }
        String head = gap >= 0 ? text.substring(0, gap) : text;
        String tail = gap >= 0 ? text.substring(gap + 2) : "";
        var before = new ArrayList<Integer>();
        var after = new ArrayList<Integer>();
        if (!groups(head, before, gap < 0) || !groups(tail, after, true)) {
            return Optional.empty();
        }
        int count = before.size() + after.size();
        if (gap < 0 ? count != GROUPS : count >= GROUPS) {
            return Optional.empty();
        }
        byte[] out = new byte[2 * GROUPS];
        for (int i = 0; i < before.size(); i++) {
            put(out, i, before.get(i));
        }
        for (int i = 0; i < after.size(); i++) {
            put(out, GROUPS - after.size() + i, after.get(i));
        }
        return Optional.of(out);
    }

    private static void put(byte[] out, int group, int value) {
        out[2 * group] = (byte) (value >> 8);
        out[2 * group + 1] = (byte) value;
    }

    /** Reads groups with colons between; the last may be an IPv4 address where the text ends. */
    private static boolean groups(String text, List<Integer> out, boolean last) {
        if (text.isEmpty()) {
            return true;
        }
        String[] parts = text.split(":", -1);
        for (int i = 0; i < parts.length; i++) {
            if (last && i == parts.length - 1 && parts[i].indexOf('.') >= 0) {
                var four = parseFour(parts[i]);
                if (four.isEmpty()) {
                    return false;
                }
                byte[] b = four.get();
                out.add((b[0] & 0xff) << 8 | (b[1] & 0xff));
                out.add((b[2] & 0xff) << 8 | (b[3] & 0xff));
                return true;
            }
            int value = number(parts[i], 16, 4);
            if (value < 0) {
                return false;
            }
            out.add(value);
        }
        return true;
    }

    private static boolean hasLeadingZeros(String text) {
        String four = text.substring(text.lastIndexOf(':') + 1);
        return four.indexOf('.') >= 0
                && Arrays.stream(four.split("\\.", -1)).anyMatch(part -> part.length() > 1 && part.startsWith("0"));
    }

    private static boolean isMapped(byte[] bytes) {
        if (bytes.length != 2 * GROUPS) {
            return false;
        }
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1;
    }

    /** An address as RFC 5952 has it; a mapped one as its IPv4 address. */
    public static String print(byte[] bytes) {
        if (bytes.length == 4 || isMapped(bytes)) {
            int from = bytes.length == 4 ? 0 : MAPPED_PREFIX;
            return (bytes[from] & 0xff) + "." + (bytes[from + 1] & 0xff) + "." + (bytes[from + 2] & 0xff) + "."
                    + (bytes[from + 3] & 0xff);
        }
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int length = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && groups[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        var out = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                out.append("::");
                i += length - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(groups[i]));
        }
        return out.toString();
    }
}
