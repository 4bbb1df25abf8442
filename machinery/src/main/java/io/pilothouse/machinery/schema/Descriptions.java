package io.pilothouse.machinery.schema;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The descriptions of built-in types and fields, for OpenAPI. They take a megabyte or two: load them when they are asked for and let
 * them go. Fields that are objects mostly have none. Immutable.
 */
public final class Descriptions {
    private final Map<String, String> texts = new HashMap<>();

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
                type = name.startsWith(" ") ? type : name;
                out.texts.put(
                        name.startsWith(" ") ? type + "#" + name.substring(1) : name,
                        line.substring(tab + 1).replace("\\n", "\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    public Optional<String> type(String name) {
        return Optional.ofNullable(texts.get(name)).filter(t -> !t.isEmpty());
    }

    public Optional<String> field(String typeName, String field) {
        return Optional.ofNullable(texts.get(typeName + "#" + field));
    }
}
