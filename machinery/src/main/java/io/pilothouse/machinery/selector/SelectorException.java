package io.pilothouse.machinery.selector;

/** A selector that can't be read; the message is upstream's. The API server answers 400. */
public final class SelectorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SelectorException(String message) {
        super(message);
    }
}
