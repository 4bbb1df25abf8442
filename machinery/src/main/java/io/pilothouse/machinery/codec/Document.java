package io.pilothouse.machinery.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * A parsed body.
 *
 * @param root the tree; of duplicate keys the last one won
 * @param strictErrors what strict field validation has to say of the text itself, in upstream's words, in the order of the text
 */
public record Document(JsonNode root, List<String> strictErrors) {
    public Document {
        strictErrors = List.copyOf(strictErrors);
    }
}
