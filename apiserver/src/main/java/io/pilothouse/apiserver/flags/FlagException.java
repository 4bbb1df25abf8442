package io.pilothouse.apiserver.flags;

/** A command line that can't be followed. The message is for who wrote it. */
public final class FlagException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** In upstream's words, where it has some. */
    public FlagException(String message) {
        super(message);
    }
}
