package io.pilothouse.machinery.jsonpath;

/** A path that cannot be read. */
public final class JsonPathException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JsonPathException(String message) {
        super(message);
    }
}
