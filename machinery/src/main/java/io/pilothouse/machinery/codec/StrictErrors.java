package io.pilothouse.machinery.codec;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What strict validation finds in one body, each thing once. It is full at upstream's number; and before that where the paths, each of which
 * may be as long as the body, grow too long.
 */
final class StrictErrors {
    private static final int MAX = 100;
    private static final int MAX_CHARACTERS = 1024 * 1024;

    private final Set<String> errors = new LinkedHashSet<>();
    private int characters;

    boolean isFull() {
        return errors.size() >= MAX || characters > MAX_CHARACTERS;
    }

    void add(String error) {
        errors.add(error);
        characters += error.length();
    }

    List<String> all() {
        return List.copyOf(errors);
    }
}
