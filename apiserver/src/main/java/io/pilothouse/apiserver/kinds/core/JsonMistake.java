package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.machinery.gotext.GoJsonSyntax;
import java.util.Optional;

/** What is wrong with a text that is to be a JSON object, in Go's words. */
final class JsonMistake {
    private JsonMistake() {}

    static Optional<String> of(byte[] text) {
        var mistake = GoJsonSyntax.mistake(text);
        if (mistake.isPresent()) {
            return mistake;
        }
        int at = 0;
        while (Character.isWhitespace(text[at])) {
            at++;
        }
        String kind = switch (text[at]) {
            case '{', 'n' -> "";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "bool";
            default -> "number";
        };
        return kind.isEmpty()
                ? Optional.empty()
                : Optional.of("json: cannot unmarshal " + kind + " into Go value of type map[string]interface {}");
    }
}
