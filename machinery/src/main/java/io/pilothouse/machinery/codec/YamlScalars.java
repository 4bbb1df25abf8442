package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What an unquoted YAML 1.1 scalar means, by the rules of the YAML reader that Kubernetes uses. */
final class YamlScalars {
    private static final Set<String> TRUE =
            Set.of("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON");
    private static final Set<String> FALSE =
            Set.of("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF");
    private static final Set<String> NULL = Set.of("", "~", "null", "Null", "NULL");
    private static final Set<String> NOT_FINITE = Set.of(
            ".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF");
    private static final Map<String, Integer> RADIX = Map.of("0x", 16, "0X", 16, "0b", 2, "0B", 2, "0o", 8, "0O", 8);
    private static final Pattern FLOAT = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
    private static final BigInteger LONG_MIN = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger ULONG_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private YamlScalars() {}

    static JsonNode resolve(String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        if (NULL.contains(text)) {
            return nodes.nullNode();
        }
        if (TRUE.contains(text)) {
            return nodes.booleanNode(true);
        }
        if (FALSE.contains(text)) {
            return nodes.booleanNode(false);
        }
        if (NOT_FINITE.contains(text)) {
            throw new DecodeException("json: unsupported value: " + text);
        }
        char first = text.charAt(0);
        if (first != '+' && first != '-' && first != '.' && (first < '0' || first > '9')) {
            return nodes.textNode(text);
        }
        return number(text);
    }

    private static JsonNode number(String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        String plain = text.replace("_", "");
        BigInteger integer = integer(plain);
        if (integer != null && integer.compareTo(LONG_MIN) >= 0 && integer.compareTo(ULONG_MAX) <= 0) {
            if (integer.bitLength() < 32) {
                return nodes.numberNode(integer.intValue());
            }
            return integer.bitLength() < 64
                    ? nodes.numberNode(integer.longValue())
                    : nodes.numberNode(integer.doubleValue());
        }
        if (plain.length() <= Json.MAX_NUMBER_LENGTH && FLOAT.matcher(plain).matches()) {
            double value = Double.parseDouble(plain);
            if (Double.isFinite(value)) {
                return value == (long) value && Math.abs(value) < 1e15
                        ? nodes.numberNode((long) value)
                        : nodes.numberNode(value);
            }
        }
        return nodes.textNode(text);
    }

    /** Go's ParseInt with base 0: a prefix or a leading zero gives the base. */
    private static @org.jspecify.annotations.Nullable BigInteger integer(String plain) {
        boolean negative = plain.startsWith("-");
        String digits = negative || plain.startsWith("+") ? plain.substring(1) : plain;
        int radix = 10;
        if (digits.length() > 2 && RADIX.containsKey(digits.substring(0, 2))) {
            radix = RADIX.get(digits.substring(0, 2));
            digits = digits.substring(2);
        } else if (digits.length() > 1 && digits.charAt(0) == '0') {
            radix = 8;
            digits = digits.substring(1);
        }
        if (digits.isEmpty() || digits.length() > 70) {
            return null;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), radix) < 0 || digits.charAt(i) > 'f') {
                return null;
            }
        }
        BigInteger value = new BigInteger(digits, radix);
        return negative ? value.negate() : value;
    }
}
