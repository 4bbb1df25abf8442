package io.pilothouse.controllers.objects;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Short, safe names derived from content: the same content gives the same name, on every master and after every restart. */
public final class Hashes {
    /** No vowels and nothing alike, so that no name is a word. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private final JsonMapper mapper = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** The name of this content at this number of collisions. */
    public String of(Object content, @Nullable Integer collisions) {
        int hash = 0x811c9dc5;
        for (byte b : bytes(content)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        if (collisions != null) {
            for (int i = 0; i < 4; i++) {
                hash = (hash ^ ((collisions >>> (8 * i)) & 0xff)) * 0x01000193;
            }
        }
        var name = new StringBuilder();
        for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
            name.append(ALPHABET.charAt(digit % ALPHABET.length()));
        }
        return name.toString();
    }

    private byte[] bytes(Object content) {
        try {
            return mapper.writeValueAsString(content).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an object of the API cannot be written as JSON", e);
        }
    }
}
