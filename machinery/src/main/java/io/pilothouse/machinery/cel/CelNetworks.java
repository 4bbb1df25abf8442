package io.pilothouse.machinery.cel;

import com.google.common.net.InetAddresses;
import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.Predicate;

/** Functions of IP addresses and networks. */
final class CelNetworks {
    private static final CelType IP = OpaqueType.create("net.IP");
    private static final CelType CIDR = OpaqueType.create("net.CIDR");

    private CelNetworks() {}

    /** An address; also where it is IPv4 it is compared as what it is. */
    private record Ip(InetAddress address) {
        static Ip parse(String text) {
            if (text.indexOf('%') >= 0) {
                throw new IllegalArgumentException("IP address \"" + text + "\" with zone value is not allowed");
            }
            if (!InetAddresses.isInetAddress(text)) {
                throw new IllegalArgumentException(
                        "IP Address \"" + text + "\" parse error during conversion from string: ParseAddr(\"" + text
                                + "\"): unable to parse IP");
            }
            InetAddress address = InetAddresses.forString(text);
            if (text.indexOf(':') >= 0 && address instanceof Inet4Address) {
                throw new IllegalArgumentException("IPv4-mapped IPv6 address \"" + text + "\" is not allowed");
            }
            return new Ip(address);
        }

        boolean is4() {
            return address instanceof Inet4Address;
        }

        boolean isGlobalUnicast() {
            byte[] bytes = address.getAddress();
            boolean broadcast = is4() && bytes[0] == -1 && bytes[1] == -1 && bytes[2] == -1 && bytes[3] == -1;
            return !broadcast
                    && !address.isAnyLocalAddress()
                    && !address.isLoopbackAddress()
                    && !address.isMulticastAddress()
                    && !address.isLinkLocalAddress();
        }

        @Override
        public String toString() {
            return InetAddresses.toAddrString(address);
        }
    }

    private record Cidr(Ip ip, int length) {
        static Cidr parse(String text) {
            int slash = text.lastIndexOf('/');
            String bits = slash < 0 ? "" : text.substring(slash + 1);
            if (!bits.matches("0|[1-9][0-9]{0,2}") || !InetAddresses.isInetAddress(text.substring(0, slash))) {
                throw new IllegalArgumentException(
                        "network address parse error during conversion from string: netip.ParsePrefix(\"" + text
                                + "\"): " + (slash < 0 ? "no '/'" : "bad address or bits after slash"));
            }
            Ip ip = Ip.parse(text.substring(0, slash));
            int length = Integer.parseInt(bits);
            if (length > ip.address().getAddress().length * 8) {
                throw new IllegalArgumentException(
                        "network address parse error during conversion from string: netip.ParsePrefix(\"" + text
                                + "\"): prefix length out of range");
            }
            return new Cidr(ip, length);
        }

        boolean contains(Ip other) {
            byte[] a = ip.address().getAddress();
            byte[] b = other.address().getAddress();
            if (a.length != b.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }

        boolean contains(Cidr other) {
            return other.length >= length && contains(other.ip);
        }

        Cidr masked() {
            byte[] bytes = ip.address().getAddress();
            for (int bit = length; bit < bytes.length * 8; bit++) {
                bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
            }
            try {
                return new Cidr(new Ip(InetAddress.getByAddress(bytes)), length);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
            }
        }

        @Override
        public String toString() {
            return ip + "/" + length;
        }
    }

    static void add(CelLibrary library) {
        addresses(library);
        networks(library);
    }

    private static void text(CelLibrary library, String name, String id, CelType result, CelLibrary.Body body) {
        library.global(name, id, result, body, List.of(SimpleType.STRING), String.class);
    }

    private static boolean parses(Runnable parser) {
        try {
            parser.run();
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void addresses(CelLibrary library) {
        text(library, "ip", "string_to_ip", IP, args -> Ip.parse((String) args[0]));
        text(library, "isIP", "is_ip", SimpleType.BOOL, args -> parses(() -> Ip.parse((String) args[0])));
        text(
                library,
                "ip.isCanonical",
                "ip_is_canonical",
                SimpleType.BOOL,
                args -> Ip.parse((String) args[0]).toString().equals(args[0]));
        library.member(
                "family", "ip_family", SimpleType.INT, args -> ((Ip) args[0]).is4() ? 4L : 6L, List.of(IP), Ip.class);
        is(library, "isUnspecified", "ip_is_unspecified", ip -> ip.address().isAnyLocalAddress());
        is(library, "isLoopback", "ip_is_loopback", ip -> ip.address().isLoopbackAddress());
        is(library, "isLinkLocalMulticast", "ip_is_link_local_multicast", CelNetworks::isLinkLocalMulticast);
        is(
                library,
                "isLinkLocalUnicast",
                "ip_is_link_local_unicast",
                ip -> ip.address().isLinkLocalAddress());
        is(library, "isGlobalUnicast", "ip_is_global_unicast", Ip::isGlobalUnicast);
        library.global("string", "ip_to_string", SimpleType.STRING, args -> args[0].toString(), List.of(IP), Ip.class);
    }

    private static boolean isLinkLocalMulticast(Ip ip) {
        byte[] bytes = ip.address().getAddress();
        return ip.is4()
                ? bytes[0] == (byte) 224 && bytes[1] == 0 && bytes[2] == 0
                : bytes[0] == (byte) 0xff && (bytes[1] & 0x0f) == 2;
    }

    private static void is(CelLibrary library, String name, String id, Predicate<Ip> test) {
        library.member(name, id, SimpleType.BOOL, args -> test.test((Ip) args[0]), List.of(IP), Ip.class);
    }

    private static void networks(CelLibrary library) {
        text(library, "cidr", "string_to_cidr", CIDR, args -> Cidr.parse((String) args[0]));
        text(library, "isCIDR", "is_cidr", SimpleType.BOOL, args -> parses(() -> Cidr.parse((String) args[0])));
        within(
                library,
                "containsIP",
                "cidr_contains_ip_string",
                SimpleType.STRING,
                String.class,
                (cidr, other) -> cidr.contains(Ip.parse((String) other)));
        within(library, "containsIP", "cidr_contains_ip_ip", IP, Ip.class, (cidr, other) -> cidr.contains((Ip) other));
        within(
                library,
                "containsCIDR",
                "cidr_contains_cidr_string",
                SimpleType.STRING,
                String.class,
                (cidr, other) -> cidr.contains(Cidr.parse((String) other)));
        within(
                library,
                "containsCIDR",
                "cidr_contains_cidr",
                CIDR,
                Cidr.class,
                (cidr, other) -> cidr.contains((Cidr) other));
        library.member("ip", "cidr_ip", IP, args -> ((Cidr) args[0]).ip(), List.of(CIDR), Cidr.class);
        library.member(
                "prefixLength",
                "cidr_prefix_length",
                SimpleType.INT,
                args -> (long) ((Cidr) args[0]).length(),
                List.of(CIDR),
                Cidr.class);
        library.member("masked", "cidr_masked", CIDR, args -> ((Cidr) args[0]).masked(), List.of(CIDR), Cidr.class);
        library.global(
                "string", "cidr_to_string", SimpleType.STRING, args -> args[0].toString(), List.of(CIDR), Cidr.class);
    }

    /** Whether something is within a network. */
    private interface Containment {
        boolean test(Cidr cidr, Object other);
    }

    private static void within(
            CelLibrary library, String name, String id, CelType type, Class<?> argument, Containment test) {
        library.member(
                name,
                id,
                SimpleType.BOOL,
                args -> test.test((Cidr) args[0], args[1]),
                List.of(CIDR, type),
                Cidr.class,
                argument);
    }
}
