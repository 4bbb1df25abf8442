package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.IpFormat;
import java.util.Collection;

/** Addresses in fields that took any form once: what an object has of old may stay. */
public final class LegacyAddresses {
    private LegacyAddresses() {}

    /** @param old the values that were there before */
    public static boolean ip(Field field, Collection<String> old) {
        return old.contains(field.text()) || field.matches(IpFormat::strictIp);
    }

    /** @param old the values that were there before */
    public static boolean cidr(Field field, Collection<String> old) {
        return old.contains(field.text()) || field.matches(IpFormat::strictCidr);
    }
}
