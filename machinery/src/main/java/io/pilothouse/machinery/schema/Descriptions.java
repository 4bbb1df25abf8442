package io.pilothouse.machinery.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What OpenAPI tells of built-in types and fields for people: descriptions, and the values that fields may have. It takes a megabyte or two: load it
 * when it is asked for and let it go. Immutable.
 */
public final class Descriptions {
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, List<String>> values = new HashMap<>();

    private Descriptions() {}

    /** Reads the descriptions that are packed with this class. */
    public static Descriptions load() {
        Descriptions out = new Descriptions();
        try (InputStream in = Descriptions.class.getResourceAsStream("descriptions.txt")) {
            if (in == null) {
                throw new IllegalStateException("descriptions.txt is missing from the jar");
            }
            String type = "";
            for (String line : new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList()) {
                int tab = line.indexOf('\t');
                String name = line.substring(0, tab);
                String text = line.substring(tab + 1).replace("\\n", "\n");
                if (name.startsWith(" ")) {
                    out.addField(type + "#" + name.substring(1), text);
                } else {
                    type = name;
                    out.texts.put(name, text);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    /** A field's name may be followed by an equals sign and the values that it may have. */
    private void addField(String name, String text) {
        int equals = name.indexOf('=');
        texts.put(equals < 0 ? name : name.substring(0, equals), text);
        if (equals >= 0) {
            values.put(
                    name.substring(0, equals),
                    List.of(name.substring(equals + 1).split(",", -1)));
        }
    }

    public Optional<String> type(String name) {
        return Optional.ofNullable(texts.get(name)).filter(t -> !t.isEmpty());
    }

    public Optional<String> field(String typeName, String field) {
        return Optional.ofNullable(texts.get(typeName + "#" + field));
    }

    /** A field's description as its authors wrote it: without the list of values that OpenAPI adds to it. */
    public Optional<String> plainField(String typeName, String field) {
        return field(typeName, field).map(text -> text.split("\n\nPossible enum values:", 2)[0]);
    }

    /** The only values that a field of strings, or a list of them, may have; empty for any. */
    public List<String> values(String typeName, String field) {
        return values.getOrDefault(typeName + "#" + field, List.of());
    }
}
