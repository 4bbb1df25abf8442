package io.pilothouse.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** HTTP header fields: a small multi-map that keeps order and compares names without case. Not safe for concurrent change. */
public final class Headers {
    private final List<String> fields = new ArrayList<>();

    /** No fields. */
    public Headers() {}

    /**
     * Fields from alternating names and values.
     *
     * @throws IllegalArgumentException when a name has no value
     */
    public static Headers of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        Headers headers = new Headers();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    /** A copy that changes on its own. */
    public Headers copy() {
        Headers copy = new Headers();
        copy.fields.addAll(fields);
        return copy;
    }

    /** Appends a field, keeping those of the same name. */
    public Headers add(String name, String value) {
        fields.add(name);
        fields.add(value);
        return this;
    }

    /** Replaces all fields of that name by one. */
    public Headers set(String name, String value) {
        remove(name);
        return add(name, value);
    }

    /** Removes all fields of that name. */
    public Headers remove(String name) {
        for (int i = fields.size() - 2; i >= 0; i -= 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                fields.remove(i + 1);
                fields.remove(i);
            }
        }
        return this;
    }

    /** The first value of that name. */
    public Optional<String> first(String name) {
        return Optional.ofNullable(firstOrNull(name));
    }

    @Nullable
    String firstOrNull(String name) {
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                return fields.get(i + 1);
            }
        }
        return null;
    }

    /** All values of that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (int i = 0; i < fields.size(); i += 2) {
            if (fields.get(i).equalsIgnoreCase(name)) {
                values.add(fields.get(i + 1));
            }
        }
        return values;
    }

    /** Whether a field of that name is there. */
    public boolean contains(String name) {
        return firstOrNull(name) != null;
    }

    /** Whether a comma-separated field of that name has the token, without case. */
    public boolean hasToken(String name, String token) {
        return tokens(name).stream().anyMatch(token::equalsIgnoreCase);
    }

    /** The comma-separated members of all fields of that name, trimmed, empty ones left out. */
    public List<String> tokens(String name) {
        List<String> tokens = new ArrayList<>();
        for (String value : all(name)) {
            for (String token : value.split(",", -1)) {
                String trimmed = token.trim();
                if (!trimmed.isEmpty()) {
                    tokens.add(trimmed);
                }
            }
        }
        return tokens;
    }

    /** Calls back with every name and value in order. */
    public void forEach(BiConsumer<String, String> action) {
        for (int i = 0; i < fields.size(); i += 2) {
            action.accept(fields.get(i), fields.get(i + 1));
        }
    }

    /** The names of all fields, each as often as it is there. */
    public List<String> names() {
        List<String> names = new ArrayList<>(size());
        forEach((name, value) -> names.add(name));
        return names;
    }

    /**
     * Checks that they can be sent (RFC 9110 section 5).
     *
     * @throws IllegalArgumentException naming the first that can't, but not its value
     */
    void check() {
        forEach((name, value) -> {
            boolean token = !name.isEmpty()
                    && name.chars().allMatch(c -> c > 32 && c < 127 && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0);
            if (!token || value.chars().anyMatch(c -> (c < 32 && c != '\t') || c == 127)) {
                throw new IllegalArgumentException(
                        "header field " + (token ? name : "name") + " has characters that can't be sent");
            }
        });
    }

    /** Number of fields. */
    public int size() {
        return fields.size() / 2;
    }

    /** Names only: values may hold credentials. */
    @Override
    public String toString() {
        return "Headers" + names();
    }
}
