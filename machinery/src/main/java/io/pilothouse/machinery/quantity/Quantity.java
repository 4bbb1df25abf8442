package io.pilothouse.machinery.quantity;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * An amount of a resource, in the notation that it was given in. {@link #toString()} is upstream's canonical form: the largest
 * suffix with no fraction, what is finer than a billionth rounded up, and texts that upstream keeps as they are kept. Two quantities
 * are equal when amount and canonical text are; {@link #compareTo} compares the amounts alone. Immutable.
 */
public final class Quantity implements Comparable<Quantity> {
    /** The notation of a quantity. */
    public enum Format {
        DECIMAL_EXPONENT,
        BINARY_SI,
        DECIMAL_SI
    }

    public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Format.DECIMAL_SI, null);

    private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigDecimal KI = BigDecimal.valueOf(1024);

    private final BigDecimal amount;
    private final Format format;
    private final String text;

    Quantity(BigDecimal amount, Format format, @Nullable String kept) {
        this.amount = amount;
        this.format = format;
        this.text = kept != null ? kept : canonical(amount, format);
    }

    /** Reads a quantity; fails with an {@link IllegalArgumentException} that carries upstream's message. */
    public static Quantity parse(String text) {
        return QuantityParser.parse(text);
    }

    public static Quantity of(long value) {
        return new Quantity(BigDecimal.valueOf(value), Format.DECIMAL_SI, null);
    }

    public static Quantity ofMilli(long value) {
        return new Quantity(BigDecimal.valueOf(value, 3), Format.DECIMAL_SI, null);
    }

    /** What parsing leaves of an amount: at least a billionth, and at most 2^63-1 in the binary notation. */
    static Quantity bounded(BigDecimal amount, Format format) {
        BigDecimal size = amount.abs();
        if (size.signum() != 0 && size.scale() > 9) {
            size = size.setScale(9, RoundingMode.UP);
        }
        Format kept = format;
        if (format == Format.BINARY_SI) {
            size = size.min(MAX);
            if (size.signum() > 0 && size.compareTo(BigDecimal.ONE) < 0) {
                kept = Format.DECIMAL_SI;
            }
        }
        return new Quantity(amount.signum() < 0 ? size.negate() : size, kept, null);
    }

    public BigDecimal amount() {
        return amount;
    }

    public Format format() {
        return format;
    }

    /** The same amount in another notation. */
    public Quantity in(Format other) {
        return new Quantity(amount, other, null);
    }

    /** The amount in whole units, rounded away from zero and capped to a long. */
    public long toLong() {
        return scaled(0);
    }

    /** The amount in thousandths, rounded away from zero and capped to a long. */
    public long toMilli() {
        return scaled(3);
    }

    private long scaled(int digits) {
        BigInteger value =
                amount.movePointRight(digits).setScale(0, RoundingMode.UP).toBigInteger();
        if (value.bitLength() < 64) {
            return value.longValue();
        }
        return value.signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    public double toDouble() {
        return amount.doubleValue();
    }

    public int signum() {
        return amount.signum();
    }

    public boolean isZero() {
        return amount.signum() == 0;
    }

    /** The sum, in this quantity's notation, or the other's where this is zero. */
    public Quantity add(Quantity other) {
        return new Quantity(amount.add(other.amount), isZero() ? other.format : format, null);
    }

    /** The difference, in this quantity's notation, or the other's where this is zero. */
    public Quantity subtract(Quantity other) {
        return new Quantity(amount.subtract(other.amount), isZero() ? other.format : format, null);
    }

    public Quantity negate() {
        return new Quantity(amount.negate(), format, null);
    }

    /** The product with a whole number, in this quantity's notation. */
    public Quantity multiply(long factor) {
        return new Quantity(amount.multiply(BigDecimal.valueOf(factor)), format, null);
    }

    /** Rounded away from zero to so many digits after the point; itself where nothing is lost. */
    public Quantity roundUp(int digits) {
        return amount.stripTrailingZeros().scale() <= digits
                ? this
                : new Quantity(amount.setScale(digits, RoundingMode.UP), format, null);
    }

    private static String canonical(BigDecimal amount, Format format) {
        if (amount.signum() == 0) {
            return "0";
        }
        boolean fraction = amount.stripTrailingZeros().scale() > 0;
        if (format == Format.BINARY_SI && amount.abs().compareTo(KI) >= 0 && !fraction) {
            return binary(amount.toBigIntegerExact());
        }
        return decimal(amount.stripTrailingZeros(), format == Format.BINARY_SI ? Format.DECIMAL_SI : format);
    }

    private static String binary(BigInteger value) {
        int power = 0;
        BigInteger rest = value;
        while (power < 60 && rest.abs().bitLength() > 10 && rest.getLowestSetBit() >= 10) {
            rest = rest.shiftRight(10);
            power += 10;
        }
        return rest + QuantityParser.binarySuffix(power);
    }

    private static String decimal(BigDecimal stripped, Format format) {
        int exponent = -stripped.scale();
        int shift = Math.floorMod(exponent, 3);
        BigInteger digits = stripped.unscaledValue().multiply(BigInteger.TEN.pow(shift));
        int power = exponent - shift;
        if (format == Format.DECIMAL_EXPONENT) {
            return power == 0 ? digits.toString() : digits + "e" + power;
        }
        return digits + QuantityParser.decimalSuffix(power);
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity q && amount.compareTo(q.amount) == 0 && text.equals(q.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
