package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.api.model.IntOrString;
import org.jspecify.annotations.Nullable;

/** Numbers that may be written as a share of a whole. */
public final class Percentages {
    private Percentages() {}

    /** The number, or the share of {@code whole}; none is 0. */
    public static int of(@Nullable IntOrString value, int whole, boolean up) {
        if (value == null) {
            return 0;
        }
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        String percent = value.getStrVal();
        int number = Integer.parseInt(percent.substring(0, percent.length() - 1));
        return up ? Math.ceilDiv(number * whole, 100) : number * whole / 100;
    }
}
