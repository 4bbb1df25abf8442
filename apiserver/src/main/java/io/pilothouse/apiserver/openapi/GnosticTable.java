package io.pilothouse.apiserver.openapi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of gnostic's protobuf form. In the table an unindented line is a message, an indented one a field: its JSON name, its
 * number and its type ({@code str}, {@code bool}, {@code int}, {@code double}, {@code any} for JSON as text, else a message; {@code []} before it for
 * a repeated one). The name {@code x-} is every extension and {@code *} every other name: their fields are entries of a name and a value.
 * A name that begins with {@code ?} is a choice by the value: {@code ?$ref} if it has that field, {@code ?in=body} if that field says so,
 * {@code ?boolean}, {@code ?number} or {@code ?string} by its type, {@code ?} alone otherwise.
 */
final class GnosticTable {
    /** A field of a message. */
    record Field(String name, int number, String type, boolean repeated) {
        boolean isEntry() {
            return name.equals("*") || name.equals("x-");
        }
    }

    /** @param choices what a value may be; a message with choices has no named fields */
    record Message(Map<String, Field> fields, List<Field> choices) {
        @Nullable
        Field field(String name) {
            var field = fields.get(name);
            if (field == null && name.startsWith("x-")) {
                field = fields.get("x-");
            }
            return field != null ? field : fields.get("*");
        }
    }

    private final Map<String, Message> messages = new HashMap<>();

    private GnosticTable() {}

    /** Reads the table of version 2 or 3, which is packed with this class. */
    static GnosticTable load(int version) {
        var table = new GnosticTable();
        try (InputStream in = GnosticTable.class.getResourceAsStream("gnostic-v" + version + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("gnostic-v" + version + ".txt is missing from the jar");
            }
            var message = new Message(new HashMap<>(), new ArrayList<>());
            for (String line : new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .toList()) {
                if (line.startsWith(" ")) {
                    var field = field(line.substring(1).split(" ", -1));
                    if (field.name().startsWith("?")) {
                        message.choices().add(field);
                    } else {
                        message.fields().put(field.name(), field);
                    }
                } else if (!line.startsWith("#")) {
                    message = new Message(new HashMap<>(), new ArrayList<>());
                    table.messages.put(line, message);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }

    private static Field field(String[] words) {
        boolean repeated = words[2].startsWith("[]");
        return new Field(words[0], Integer.parseInt(words[1]), repeated ? words[2].substring(2) : words[2], repeated);
    }

    Message message(String name) {
        var message = messages.get(name);
        if (message == null) {
            throw new IllegalStateException("the table has no message " + name);
        }
        return message;
    }
}
