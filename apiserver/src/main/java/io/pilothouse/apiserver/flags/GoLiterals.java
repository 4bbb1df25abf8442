package io.pilothouse.apiserver.flags;

import io.pilothouse.machinery.gotext.GoText;

/** Values as Go's strconv reads them. What is none is refused by an {@link IllegalArgumentException} in its words. */
final class GoLiterals {
    private static final int HEX = 16;

    private GoLiterals() {}

    /** ParseBool. */
    static boolean truth(String text) {
        return switch (text) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw invalid("ParseBool", text);
        };
    }

    /** ParseInt with base 0: {@code 0x}, {@code 0o}, {@code 0b} and a leading zero say another base; underscores may part digits then. */
    static long integer(String text, long least, long most) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        boolean negative = text.startsWith("-");
        int at = signed ? 1 : 0;
        int base = base(text, at);
        boolean prefixed =
                base != 10 && at + 1 < text.length() && !isDigit(text.charAt(at + 1)) && text.charAt(at + 1) != '_';
        String digits = text.substring(prefixed ? at + 2 : at);
        if (digits.indexOf('_') >= 0) {
            digits = parted(digits, base != 10, prefixed);
        }
        requireDigits(digits, base, text);
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), base);
            // Counted downwards: there is one more number below zero than above.
            if (value < (Long.MIN_VALUE + digit) / base) {
                throw outOfRange("ParseInt", text);
            }
            value = value * base - digit;
        }
        if (!negative && value == Long.MIN_VALUE) {
            throw outOfRange("ParseInt", text);
        }
        value = negative ? value : -value;
        if (value < least || value > most) {
            throw outOfRange("ParseInt", text);
        }
        return value;
    }

    private static int base(String text, int at) {
        if (at + 1 >= text.length() || text.charAt(at) != '0') {
            return 10;
        }
        return switch (text.charAt(at + 1)) {
            case 'x', 'X' -> HEX;
            case 'b', 'B' -> 2;
            default -> 8; // after an o, or after the zero alone
        };
    }

    /** Without its underscores, which must stand between digits, or between a base and one; nothing where they don't. */
    private static String parted(String digits, boolean allowed, boolean prefixed) {
        if (!allowed || digits.endsWith("_") || digits.contains("__") || (digits.startsWith("_") && !prefixed)) {
            return "";
        }
        return digits.replace("_", "");
    }

    private static void requireDigits(String digits, int base, String text) {
        if (digits.isEmpty()) {
            throw invalid("ParseInt", text);
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) >= 0x80 || Character.digit(digits.charAt(i), base) < 0) {
                throw invalid("ParseInt", text);
            }
        }
    }

    /** ParseUint with base 10 and 31 bits. */
    static int level(String text) {
        long value = 0;
        boolean large = false;
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                throw invalid("ParseUint", text);
            }
            value = value * 10 + (text.charAt(i) - '0');
            large |= value > Integer.MAX_VALUE;
            value = large ? 0 : value;
        }
        if (text.isEmpty()) {
            throw invalid("ParseUint", text);
        }
        if (large) {
            throw outOfRange("ParseUint", text);
        }
        return (int) value;
    }

    /** ParseFloat, without hexadecimal ones and those that are not finite. */
    static double fraction(String text) {
        for (int i = 0; i < text.length(); i++) {
            // Java reads letters behind a number and spaces around it.
            char c = text.charAt(i);
            if (!isDigit(c) && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E') {
                throw invalid("ParseFloat", text);
            }
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw invalid("ParseFloat", text);
        }
        if (Double.isInfinite(value)) {
            throw outOfRange("ParseFloat", text);
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException invalid(String function, String text) {
        return error(function, text, "invalid syntax");
    }

    private static IllegalArgumentException outOfRange(String function, String text) {
        return error(function, text, "value out of range");
    }

    private static IllegalArgumentException error(String function, String text, String why) {
        return new IllegalArgumentException("strconv." + function + ": parsing " + GoText.quote(text) + ": " + why);
    }
}
