package io.pilothouse.machinery.schema;

import io.pilothouse.machinery.field.LabelFormat;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The formats of strings that a custom resource's schema may ask for; others are not checked, as upstream does. */
final class Formats {
    private static final int MAX_LENGTH = 4096;
    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt]\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?([Zz]|[+-]\\d{2}:\\d{2})");
    private static final Pattern EMAIL =
            Pattern.compile("[^@\\s<>\"]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?");
    private static final Pattern HOSTNAME =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*");
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
    private static final Pattern MAC =
            Pattern.compile("([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}|([0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}");
    private static final Pattern UUID =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID3 =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}");
    private static final Pattern UUID4 =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern UUID5 =
            Pattern.compile("(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}");
    private static final Pattern DURATION = Pattern.compile(
            "[-+]?(\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|µs|μs|ms|s|m|h))*|[-+]?0"
                    + "|\\d+\\s*(ns|us|µs|ms|s|m|h|d|w|nanoseconds?|milliseconds?|microseconds?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?)");
    private static final Pattern SSN = Pattern.compile("\\d{3}[- ]?\\d{2}[- ]?\\d{4}");
    private static final Pattern HEX_COLOR = Pattern.compile("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})");
    private static final Pattern RGB_COLOR =
            Pattern.compile("rgb\\(\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*,\\s*\\d{1,3}\\s*\\)");
    private static final Pattern CREDIT_CARD = Pattern.compile("[0-9 -]{13,23}");
    private static final Pattern ISBN10 = Pattern.compile("(?:[0-9]{9}X|[0-9]{10})");
    private static final Pattern ISBN13 = Pattern.compile("[0-9]{13}");
    private static final Pattern URI = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*:[^\\s]+|/[^\\s]*)");

    private static final Map<String, Predicate<String>> CHECKS = Map.ofEntries(
            Map.entry("date-time", Formats::isDateTime),
            Map.entry("datetime", Formats::isDateTime),
            Map.entry("date", Formats::isDate),
            Map.entry("email", EMAIL.asMatchPredicate()),
            Map.entry("hostname", HOSTNAME.asMatchPredicate()),
            Map.entry("ipv4", IPV4.asMatchPredicate()),
            Map.entry("ipv6", IPV6.asMatchPredicate()),
            Map.entry("cidr", Formats::isCidr),
            Map.entry("mac", MAC.asMatchPredicate()),
            Map.entry("uuid", UUID.asMatchPredicate()),
            Map.entry("uuid3", UUID3.asMatchPredicate()),
            Map.entry("uuid4", UUID4.asMatchPredicate()),
            Map.entry("uuid5", UUID5.asMatchPredicate()),
            Map.entry("duration", DURATION.asMatchPredicate()),
            Map.entry("byte", Formats::isBase64),
            Map.entry("uri", URI.asMatchPredicate()),
            Map.entry("ssn", SSN.asMatchPredicate()),
            Map.entry("hexcolor", HEX_COLOR.asMatchPredicate()),
            Map.entry("rgbcolor", RGB_COLOR.asMatchPredicate()),
            Map.entry("creditcard", CREDIT_CARD.asMatchPredicate()),
            Map.entry("isbn", ISBN10.asMatchPredicate().or(ISBN13.asMatchPredicate())),
            Map.entry("isbn10", ISBN10.asMatchPredicate()),
            Map.entry("isbn13", ISBN13.asMatchPredicate()),
            Map.entry("k8s-short-name", s -> LabelFormat.label(s).isEmpty()),
            Map.entry("k8s-long-name", s -> LabelFormat.subdomain(s).isEmpty()));

    private static final java.util.Set<String> UNCHECKED =
            java.util.Set.of("int32", "int64", "float", "double", "password", "binary", "bsonobjectid");

    private Formats() {}

    /** Whether a format is one that is checked, or one of numbers and texts that need no check. */
    static boolean isKnown(String format) {
        return CHECKS.containsKey(format) || UNCHECKED.contains(format);
    }

    static boolean matches(String format, String value) {
        Predicate<String> check = CHECKS.get(format);
        if (check == null) {
            return true;
        }
        // only encoded bytes may be long; the patterns of the others would recurse too deeply
        return (value.length() <= MAX_LENGTH || format.equals("byte")) && check.test(value);
    }

    private static boolean isDateTime(String value) {
        if (!DATE_TIME.matcher(value).matches()) {
            return false;
        }
        try {
            return OffsetDateTime.parse(value.toUpperCase(java.util.Locale.ROOT))
                            .getYear()
                    >= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDate(String value) {
        try {
            return value.length() == 10 && LocalDate.parse(value).getYear() >= 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isCidr(String value) {
        int slash = value.indexOf('/');
        if (slash < 0) {
            return false;
        }
        String address = value.substring(0, slash);
        boolean four = IPV4.matcher(address).matches();
        String bits = value.substring(slash + 1);
        return (four || IPV6.matcher(address).matches())
                && bits.matches("\\d{1,3}")
                && Integer.parseInt(bits) <= (four ? 32 : 128);
    }

    private static boolean isBase64(String value) {
        try {
            Base64.getDecoder().decode(value);
            return value.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
