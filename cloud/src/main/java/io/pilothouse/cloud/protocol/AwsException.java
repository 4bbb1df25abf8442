package io.pilothouse.cloud.protocol;

import org.jspecify.annotations.Nullable;

/** An error that the client is told of, in its own protocol's form. */
public class AwsException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;
    private final String detail;

    /** An error with its HTTP status, AWS error code and message for the client. */
    public AwsException(int status, String code, String message) {
        this(status, code, message, null);
    }

    /** The same, with the cause for the log. */
    public AwsException(int status, String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
        this.detail = message;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** AWS error code. */
    public String code() {
        return code;
    }

    /** The message for the client. */
    public String detail() {
        return detail;
    }

    /** Input that breaks a service's rules. */
    public static AwsException validation(String message) {
        return new AwsException(400, "ValidationError", message);
    }

    /** A caller without the right to do what it asked for. */
    public static AwsException accessDenied(String message) {
        return new AwsException(403, "AccessDenied", message);
    }

    /** Something of IAM's that is not there. */
    public static AwsException noSuchEntity(String message) {
        return new AwsException(404, "NoSuchEntity", message);
    }
}
