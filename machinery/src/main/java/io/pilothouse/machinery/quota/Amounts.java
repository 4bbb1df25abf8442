package io.pilothouse.machinery.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lists of resources by name, sorted. */
public final class Amounts {
    private Amounts() {}

    /** What a list says. */
    public static Map<String, Quantity> read(JsonNode list) {
        Map<String, Quantity> out = new TreeMap<>();
        for (var e : list.properties()) {
            out.put(e.getKey(), Quantity.parse(e.getValue().asText()));
        }
        return out;
    }

    /** Sets these amounts in a list. */
    public static void write(Map<String, Quantity> amounts, ObjectNode to) {
        amounts.forEach((name, amount) -> to.put(name, amount.toString()));
    }

    /** Adds amounts to sums. */
    public static void add(Map<String, Quantity> sums, Map<String, Quantity> more) {
        more.forEach((name, amount) -> sums.merge(name, amount, Quantity::add));
    }

    /** Raises amounts to others where those are more. */
    public static void max(Map<String, Quantity> most, Map<String, Quantity> others) {
        others.forEach((name, amount) -> most.merge(name, amount, (a, b) -> b.compareTo(a) > 0 ? b : a));
    }

    /** The differences, with 0 where they would be negative. */
    public static Map<String, Quantity> subtract(Map<String, Quantity> from, Map<String, Quantity> less) {
        Map<String, Quantity> out = new TreeMap<>();
        from.forEach((name, amount) -> {
            var other = less.get(name);
            var rest = other == null ? amount : amount.subtract(other);
            out.put(name, rest.signum() > 0 ? rest : Quantity.ZERO);
        });
        less.keySet().forEach(name -> out.putIfAbsent(name, Quantity.ZERO));
        return out;
    }

    /** Those with one of the names. */
    public static Map<String, Quantity> only(Map<String, Quantity> amounts, Collection<String> names) {
        Map<String, Quantity> out = new TreeMap<>(amounts);
        out.keySet().retainAll(names);
        return out;
    }

    /** Whether both have the same names, with equal amounts. */
    public static boolean same(Map<String, Quantity> a, Map<String, Quantity> b) {
        return a.keySet().equals(b.keySet())
                && a.entrySet().stream()
                        .allMatch(e -> e.getValue().compareTo(b.getOrDefault(e.getKey(), Quantity.ZERO)) == 0);
    }

    /** As error texts show them: {@code a=1,b=2}. */
    public static String text(Map<String, Quantity> amounts) {
        return amounts.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }
}
