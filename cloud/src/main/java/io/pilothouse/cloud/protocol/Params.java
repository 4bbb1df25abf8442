package io.pilothouse.cloud.protocol;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The parameters of the query protocols: flat names with dots, lists by index from 1. */
public final class Params {
    private final Map<String, String> values;

    private Params(Map<String, String> values) {
        this.values = values;
    }

    /** The parameters of a request's query and form together. */
    public static Params of(Collection<UriCodec.Pair> pairs) {
        Map<String, String> values = new TreeMap<>();
        pairs.forEach(p -> values.put(p.name(), p.value()));
        return new Params(values);
    }

    /** A parameter's value, also an empty one. */
    public Optional<String> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A parameter's value or the default. */
    public String get(String name, String otherwise) {
        return find(name).orElse(otherwise);
    }

    /** A parameter that must be there and not be empty. */
    public String required(String name) {
        return find(name)
                .filter(v -> !v.isEmpty())
                .orElseThrow(() ->
                        new AwsException(400, "MissingParameter", "The request must contain the parameter " + name));
    }

    /** A whole number. */
    public Optional<Integer> integer(String name) {
        return find(name).map(v -> {
            try {
                return Integer.valueOf(v.strip());
            } catch (NumberFormatException e) {
                throw new AwsException(
                        400,
                        "InvalidParameterValue",
                        "Value (" + v + ") for parameter " + name + " is not a number",
                        e);
            }
        });
    }

    /** A truth value. */
    public Optional<Boolean> bool(String name) {
        return find(name).map(v -> switch (v) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new AwsException(
                        400, "InvalidParameterValue", "Value (" + v + ") for parameter " + name + " is not a boolean");
        });
    }

    /** The values of {@code prefix.1}, {@code prefix.2}…; in index order. */
    public List<String> list(String prefix) {
        List<String> found = new ArrayList<>();
        for (int i = 1; values.containsKey(prefix + "." + i); i++) {
            found.add(values.getOrDefault(prefix + "." + i, ""));
        }
        return found;
    }

    /** The structures under {@code prefix.1.}, {@code prefix.2.}…, each with that prefix taken away. */
    public List<Params> structs(String prefix) {
        List<Params> found = new ArrayList<>();
        for (int i = 1; ; i++) {
            Params one = under(prefix + "." + i);
            if (one.values.isEmpty()) {
                return found;
            }
            found.add(one);
        }
    }

    /** The structure under {@code prefix.}. */
    public Params under(String prefix) {
        String start = prefix + ".";
        Map<String, String> inner = new TreeMap<>();
        values.forEach((name, value) -> {
            if (name.startsWith(start)) {
                inner.put(name.substring(start.length()), value);
            }
        });
        return new Params(inner);
    }

    /** Whether there is nothing here. */
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** The first segments of all names. */
    public Set<String> topLevelNames() {
        return values.keySet().stream()
                .map(n -> n.indexOf('.') < 0 ? n : n.substring(0, n.indexOf('.')))
                .collect(Collectors.toSet());
    }

    /** Key and value pairs of a list of tags; the names are the protocol's ({@code Key} and {@code Value}). */
    public Map<String, String> tags(String prefix) {
        Map<String, String> tags = new TreeMap<>();
        structs(prefix).forEach(t -> tags.put(t.required("Key"), t.get("Value", "")));
        return tags;
    }
}
