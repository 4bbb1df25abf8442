package io.pilothouse.apiserver.authn;

/** A credential that was given and does not hold. Its message goes to the log, never to the client. */
public final class InvalidCredentialException extends Exception {
    private static final long serialVersionUID = 1L;

    public InvalidCredentialException(String message) {
        super(message);
    }

    public InvalidCredentialException(String message, Throwable cause) {
        super(message, cause);
    }
}
