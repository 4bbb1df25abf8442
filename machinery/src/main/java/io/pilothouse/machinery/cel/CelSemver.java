package io.pilothouse.machinery.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Functions of versions (semver.org 2.0.0). */
final class CelSemver {
    private static final CelType SEMVER = OpaqueType.create("kubernetes.Semver");

    private CelSemver() {}

    /** A version; what stands after a plus sign does not count. */
    private record Version(long major, long minor, long patch, List<String> pre) implements Comparable<Version> {
        private static final Pattern FORM = Pattern.compile(
                "(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?"
                        + "(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?");

        static Version parse(String text) {
            Matcher matcher = FORM.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException(
                        text.isEmpty() ? "Version string empty" : "Invalid semantic version \"" + text + "\"");
            }
            List<String> pre = matcher.group(4) == null
                    ? List.of()
                    : List.of(matcher.group(4).split("\\.", -1));
            if (pre.stream().anyMatch(p -> p.matches("0\\d+"))) {
                throw new IllegalArgumentException(
                        "Numeric PreRelease version must not contain leading zeroes \"" + matcher.group(4) + "\"");
            }
            return new Version(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    pre);
        }

        @Override
        public int compareTo(Version other) {
            int numbers = Long.compare(major, other.major);
            numbers = numbers == 0 ? Long.compare(minor, other.minor) : numbers;
            numbers = numbers == 0 ? Long.compare(patch, other.patch) : numbers;
            if (numbers != 0 || pre.equals(other.pre)) {
                return numbers;
            }
            if (pre.isEmpty() || other.pre.isEmpty()) {
                return pre.isEmpty() ? 1 : -1;
            }
            for (int i = 0; i < Math.min(pre.size(), other.pre.size()); i++) {
                int part = compare(pre.get(i), other.pre.get(i));
                if (part != 0) {
                    return part;
                }
            }
            return Integer.compare(pre.size(), other.pre.size());
        }

        private static int compare(String a, String b) {
            boolean aNumber = a.matches("\\d+");
            boolean bNumber = b.matches("\\d+");
            if (aNumber && bNumber) {
                return new BigInteger(a).compareTo(new BigInteger(b));
            }
            return aNumber == bNumber ? Integer.signum(a.compareTo(b)) : aNumber ? -1 : 1;
        }
    }

    static void add(CelLibrary library) {
        List<CelType> text = List.of(SimpleType.STRING);
        List<CelType> textAndFlag = List.of(SimpleType.STRING, SimpleType.BOOL);
        library.global(
                "semver", "string_to_semver", SEMVER, args -> Version.parse((String) args[0]), text, String.class);
        library.global(
                "semver",
                "string_bool_to_semver",
                SEMVER,
                args -> Version.parse(normal((String) args[0], (Boolean) args[1])),
                textAndFlag,
                String.class,
                Boolean.class);
        library.global(
                "isSemver",
                "is_semver_string",
                SimpleType.BOOL,
                args -> is((String) args[0], false),
                text,
                String.class);
        library.global(
                "isSemver",
                "is_semver_string_bool",
                SimpleType.BOOL,
                args -> is((String) args[0], (Boolean) args[1]),
                textAndFlag,
                String.class,
                Boolean.class);
        List<CelType> one = List.of(SEMVER);
        library.member(
                "major", "semver_major", SimpleType.INT, args -> ((Version) args[0]).major(), one, Version.class);
        library.member(
                "minor", "semver_minor", SimpleType.INT, args -> ((Version) args[0]).minor(), one, Version.class);
        library.member(
                "patch", "semver_patch", SimpleType.INT, args -> ((Version) args[0]).patch(), one, Version.class);
        comparisons(library, List.of(SEMVER, SEMVER));
    }

    private static void comparisons(CelLibrary library, List<CelType> two) {
        library.member(
                "isGreaterThan",
                "semver_is_greater_than",
                SimpleType.BOOL,
                args -> compare(args) > 0,
                two,
                Version.class,
                Version.class);
        library.member(
                "isLessThan",
                "semver_is_less_than",
                SimpleType.BOOL,
                args -> compare(args) < 0,
                two,
                Version.class,
                Version.class);
        library.member(
                "compareTo",
                "semver_compare_to",
                SimpleType.INT,
                args -> (long) compare(args),
                two,
                Version.class,
                Version.class);
    }

    private static int compare(Object[] args) {
        return ((Version) args[0]).compareTo((Version) args[1]);
    }

    private static boolean is(String text, boolean normalize) {
        try {
            Version.parse(normal(text, normalize));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Without a leading v and leading zeros, and with the parts that a short version leaves out. */
    private static String normal(String text, boolean normalize) {
        if (!normalize) {
            return text;
        }
        String[] given = (text.startsWith("v") ? text.substring(1) : text).split("\\.", 3);
        List<String> parts = new ArrayList<>();
        for (String part : given) {
            parts.add(part.replaceFirst("^0+(?=\\d)", ""));
        }
        if (parts.size() < 3) {
            if (parts.getLast().matches(".*[+-].*")) {
                throw new IllegalArgumentException("short version cannot contain PreRelease/Build meta data");
            }
            while (parts.size() < 3) {
                parts.add("0");
            }
        }
        return String.join(".", parts);
    }
}
