package io.pilothouse.machinery.codec;

/** Bytes or a tree that can't be read as what they should be; the message is one for the client. The API server answers 400. */
public final class DecodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DecodeException(String message) {
        super(message);
    }

    public DecodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
