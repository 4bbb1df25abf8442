package io.pilothouse.worker.kube;

import java.io.IOException;

/** A request that the API server refused. */
public final class ApiException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int code;
    private final String reason;

    ApiException(int code, String reason, String message) {
        super(message);
        this.code = code;
        this.reason = reason;
    }

    /** The HTTP status. */
    public int code() {
        return code;
    }

    /** The Status object's reason, or empty. */
    public String reason() {
        return reason;
    }
}
