package io.pilothouse.iam;

import org.jspecify.annotations.Nullable;

/** Why a token gave no identity. */
public final class AuthenticationFailure extends Exception {
    private static final long serialVersionUID = 1L;

    /** The kinds of failure. */
    public enum Kind {
        /** The token's form is wrong, or it is too old. */
        INVALID_TOKEN,
        /** STS did not accept the signature, or could not be asked. */
        STS_ERROR,
        /** STS asked to slow down. */
        THROTTLED,
        /** The principal is genuine, and no mapping names it. */
        NOT_MAPPED
    }

    private final Kind kind;

    /** A failure with words for the log; they hold no part of the token. */
    public AuthenticationFailure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** The same with its cause. */
    public AuthenticationFailure(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** The kind of failure. */
    public Kind kind() {
        return kind;
    }
}
