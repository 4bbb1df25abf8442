package io.pilothouse.machinery.field;

import io.pilothouse.machinery.gotext.GoText;
import java.util.ArrayList;
import java.util.List;

/** The rules of fields that hold addresses and ranges; each check answers what is wrong, in upstream's words, or an empty list. */
public final class IpFormat {
    private static final String NO_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
    private static final String NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

    private IpFormat() {}

    /** An address in canonical form. */
    public static List<String> ip(String value) {
        var problems = strictIp(value);
        var ip = IpAddress.parse(value);
        if (problems.isEmpty() && ip.isPresent() && !value.equals(ip.get().toString())) {
            return List.of("must be in canonical form (" + GoText.quote(ip.get().toString()) + ")");
        }
        return problems;
    }

    /** An address in a form that all readers agree on. */
    public static List<String> strictIp(String value) {
        var ip = IpAddress.parse(value);
        if (ip.isEmpty()) {
            return List.of(NO_IP);
        }
        if (!ip.get().isStrict()) {
            return List.of("must not have leading 0s");
        }
        return ip.get().isMapped() ? List.of("must not be an IPv4-mapped IPv6 address") : List.of();
    }

    /** Whether addresses are of both families; one that cannot be read is of none. */
    public static boolean isDualStack(List<String> addresses) {
        return addresses.stream()
                        .flatMap(address -> IpAddress.parse(address).stream())
                        .map(IpAddress::isV6)
                        .distinct()
                        .count()
                > 1;
    }

    /** A range in canonical form. */
    public static List<String> cidr(String value) {
        var problems = strictCidr(value);
        var cidr = Cidr.parse(value);
        if (problems.isEmpty() && cidr.isPresent() && !value.equals(cidr.get().toString())) {
            return List.of(
                    "must be in canonical form (" + GoText.quote(cidr.get().toString()) + ")");
        }
        return problems;
    }

    /** A range in a form that all readers agree on. */
    public static List<String> strictCidr(String value) {
        var cidr = Cidr.parse(value);
        if (cidr.isEmpty()) {
            return List.of(NO_CIDR);
        }
        if (!cidr.get().address().isStrict() || !cidr.get().strictBits()) {
            return List.of("must not have leading 0s in IP or prefix length");
        }
        if (cidr.get().address().isMapped()) {
            return List.of("must not have an IPv4-mapped IPv6 address");
        }
        return cidr.get().network().equals(cidr.get().address())
                ? List.of()
                : List.of("must not have bits set beyond the prefix length");
    }

    /** An address of an interface with the prefix length of its network, in canonical form. */
    public static List<String> interfaceAddress(String value) {
        var parsed = Cidr.parse(value);
        if (parsed.isEmpty()) {
            return List.of("must be a valid address in CIDR form, (e.g. 10.9.8.7/24 or 2001:db8::1/64)");
        }
        String canonical = parsed.get().address() + "/" + parsed.get().familyBits();
        return value.equals(canonical)
                ? List.of()
                : List.of("must be in canonical form (" + GoText.quote(canonical) + ")");
    }

    /** What to warn of a valid address at a place. */
    public static List<String> ipWarnings(FieldPath path, String value) {
        var parsed = IpAddress.parse(value);
        if (parsed.isEmpty()) {
            return List.of();
        }
        var ip = parsed.get();
        if (!ip.isStrict() || ip.isMapped()) {
            return List.of(path + ": non-standard IP address " + GoText.quote(value) + " is invalid: use "
                    + GoText.quote(ip.toString()));
        }
        if (ip.isV6() && !ip.toString().equals(value)) {
            return List.of(path + ": IPv6 address " + GoText.quote(value) + " should be in RFC 5952 canonical format ("
                    + GoText.quote(ip.toString()) + ")");
        }
        return List.of();
    }

    /** What to warn of a valid range at a place. */
    public static List<String> cidrWarnings(FieldPath path, String value) {
        var parsed = Cidr.parse(value);
        if (parsed.isEmpty()) {
            return List.of();
        }
        var cidr = parsed.get();
        var warnings = new ArrayList<String>();
        if (!cidr.network().equals(cidr.address())) {
            String single = cidr.address() + "/" + cidr.address().writtenBytes().length * 8;
            warnings.add(path + ": CIDR value " + GoText.quote(value) + " is ambiguous in this context (should be "
                    + GoText.quote(cidr.toString()) + " or " + GoText.quote(single) + "?)");
        }
        if (!cidr.address().isStrict() || !cidr.strictBits() || cidr.address().isMapped()) {
            warnings.add(path + ": non-standard CIDR value " + GoText.quote(value) + " is invalid: use "
                    + GoText.quote(cidr.toString()));
        }
        String strict = cidr.address().strictText() + "/" + cidr.bits();
        if (warnings.isEmpty() && cidr.isV6() && !strict.equals(value)) {
            warnings.add(path + ": IPv6 CIDR value " + GoText.quote(value) + " should be in RFC 5952 canonical format ("
                    + GoText.quote(strict) + ")");
        }
        return warnings;
    }

    /** An address that traffic can be sent to: not this host's own and not of one link. */
    public static List<String> nonSpecial(String value) {
        var parsed = IpAddress.parse(value);
        if (parsed.isEmpty()) {
            return List.of("must be a valid IP address");
        }
        var ip = parsed.get();
        var problems = new ArrayList<String>();
        if (ip.isUnspecified()) {
            problems.add("may not be unspecified (" + value + ")");
        }
        if (ip.isLoopback()) {
            problems.add("may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }
        if (ip.isLinkLocalUnicast()) {
            problems.add("may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }
        if (ip.isLinkLocalMulticast()) {
            problems.add("may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
        return problems;
    }
}
