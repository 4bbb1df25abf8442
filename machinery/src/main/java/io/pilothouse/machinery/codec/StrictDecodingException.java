package io.pilothouse.machinery.codec;

import java.util.List;

/** Unknown or duplicate fields under strict field validation. */
public final class StrictDecodingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> errors;

    public StrictDecodingException(List<String> errors) {
        super("strict decoding error: " + String.join(", ", errors));
        this.errors = List.copyOf(errors);
    }

    /** What was wrong, each in upstream's words. */
    public List<String> errors() {
        return errors;
    }
}
