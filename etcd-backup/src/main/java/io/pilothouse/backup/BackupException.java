package io.pilothouse.backup;

/** A backup that can't be made, found or trusted, in words for its owner. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With a message for the operator. */
    public BackupException(String message) {
        super(message);
    }

    /** The same with its cause. */
    public BackupException(String message, Throwable cause) {
        super(message, cause);
    }
}
