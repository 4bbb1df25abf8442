package io.pilothouse.machinery.quantity;

import io.pilothouse.machinery.quantity.Quantity.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The grammar of quantities. */
final class QuantityParser {
    private static final Pattern GRAMMAR = Pattern.compile("([+-]?)([0-9]*)(\\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)");
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
    private static final int MAX_LENGTH = 1000;
    private static final int MAX_EXPONENT = 10_000;

    private record Suffix(int base, int exponent, Format format) {}

    private QuantityParser() {}

    static Quantity parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(WRONG);
        }
        Matcher m = GRAMMAR.matcher(text);
        if (text.isEmpty() || !m.matches()) {
            throw new IllegalArgumentException(WRONG);
        }
        String whole = m.group(2);
        String fraction = m.group(4) == null ? "" : m.group(4);
        Suffix suffix = suffix(m.group(5));
        if (whole.isEmpty()
                && fraction.isEmpty()
                && (m.group(3) != null || !m.group(5).isEmpty())) {
            throw new IllegalArgumentException("unable to parse numeric part of quantity");
        }
        String digits = whole + fraction;
        BigInteger unscaled = digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
        if (m.group(1).equals("-")) {
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
