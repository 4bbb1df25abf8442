package io.pilothouse.machinery.quantity;

import io.pilothouse.machinery.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The grammar of quantities. */
final class QuantityParser {
    private static final String WRONG =
            "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
    private static final Map<String, Integer> DECIMAL = Map.ofEntries(
            Map.entry("", 0),
            Map.entry("n", -9),
            Map.entry("u", -6),
            Map.entry("m", -3),
            Map.entry("k", 3),
            Map.entry("M", 6),
            Map.entry("G", 9),
            Map.entry("T", 12),
            Map.entry("P", 15),
            Map.entry("E", 18));
    private static final Map<String, Integer> BINARY =
            Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
    private static final Map<Integer, String> DECIMAL_SUFFIX =
            Map.of(-9, "n", -6, "u", -3, "m", 0, "", 3, "k", 6, "M", 9, "G", 12, "T", 15, "P", 18, "E");
    private static final String[] BINARY_SUFFIX = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
    private static final String SUFFIX_LETTERS = "eEinumkKMGTP";
    /** So many digits fit a long. */
    private static final int LONG_DIGITS = 18;

    private static final int MAX_LENGTH = 1000;
    private static final int MAX_EXPONENT = 10_000;

    private record Suffix(int base, int exponent, Format format) {}

    private QuantityParser() {}

    static Quantity parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(WRONG);
        }
        int start = isSign(text, 0) ? 1 : 0;
        int point = afterDigits(text, start);
        boolean pointed = point < text.length() && text.charAt(point) == '.';
        int end = pointed ? afterDigits(text, point + 1) : point;
        String ending = text.substring(end);
        if (text.isEmpty() || !isSuffix(ending)) {
            throw new IllegalArgumentException(WRONG);
        }
        String whole = text.substring(start, point);
        String fraction = pointed ? text.substring(point + 1, end) : "";
        Suffix suffix = suffix(ending);
        if (whole.isEmpty() && fraction.isEmpty() && (pointed || !ending.isEmpty())) {
            throw new IllegalArgumentException("unable to parse numeric part of quantity");
        }
        BigInteger unscaled = number(whole + fraction);
        if (text.charAt(0) == '-') {
            unscaled = unscaled.negate();
        }
        int shift = suffix.base() == 10 ? suffix.exponent() : 0;
        BigDecimal amount = new BigDecimal(unscaled, fraction.length() - shift);
        if (suffix.base() == 2) {
            amount = amount.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(suffix.exponent())));
        }
        String number = withoutZeros(whole);
        if (unscaled.signum() != 0 && isKept(number, fraction, suffix, unscaled)) {
            return new Quantity(amount, suffix.format(), text);
        }
        return Quantity.bounded(amount, suffix.format());
    }

    private static boolean isSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-');
    }

    private static int afterDigits(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    /** Letters, a sign, digits; each may be missing. */
    private static boolean isSuffix(String text) {
        int i = 0;
        while (i < text.length() && SUFFIX_LETTERS.indexOf(text.charAt(i)) >= 0) {
            i++;
        }
        return afterDigits(text, isSign(text, i) ? i + 1 : i) == text.length();
    }

    private static BigInteger number(String digits) {
        if (digits.isEmpty()) {
            return BigInteger.ZERO;
        }
        return digits.length() <= LONG_DIGITS ? BigInteger.valueOf(Long.parseLong(digits)) : new BigInteger(digits);
    }

    /** Whether upstream takes its fast path and finds the text canonical enough to keep it. */
    private static boolean isKept(String number, String fraction, Suffix suffix, BigInteger unscaled) {
        if (suffix.base() == 2) {
            int precision = 15 - number.length() - (int) (suffix.exponent() * 3 / 10f) - 1;
            boolean fits = unscaled.shiftLeft(suffix.exponent()).bitLength() < 64;
            return fraction.isEmpty()
                    && precision >= 0
                    && fits
                    && (unscaled.abs().intValue() & 7) != 0;
        }
        int scale = suffix.exponent() - fraction.length();
        String digits = number + fraction;
        return 18 - digits.length() >= 0
                && scale >= -9
                && scale % 3 == 0
                && !digits.endsWith("000")
                && digits.charAt(0) != '0';
    }

    private static String withoutZeros(String whole) {
        int i = 0;
        while (i < whole.length() && whole.charAt(i) == '0') {
            i++;
        }
        return i == whole.length() ? "0" : whole.substring(i);
    }

    private static Suffix suffix(String text) {
        @Nullable Integer exponent = DECIMAL.get(text);
        if (exponent != null) {
            return new Suffix(10, exponent, Format.DECIMAL_SI);
        }
        exponent = BINARY.get(text);
        if (exponent != null) {
            return new Suffix(2, exponent, Format.BINARY_SI);
        }
        if (text.length() > 1 && (text.charAt(0) == 'e' || text.charAt(0) == 'E')) {
            try {
                int power = Integer.parseInt(text, 1, text.length(), 10);
                if (Math.abs(power) <= MAX_EXPONENT) {
                    return new Suffix(10, power, Format.DECIMAL_EXPONENT);
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("unable to parse quantity's suffix", e);
            }
        }
        throw new IllegalArgumentException("unable to parse quantity's suffix");
    }

    /** The suffix of a power of ten; upstream prints none for those beyond its table. */
    static String decimalSuffix(int power) {
        return DECIMAL_SUFFIX.getOrDefault(power, "");
    }

    static String binarySuffix(int power) {
        return BINARY_SUFFIX[power / 10];
    }
}
