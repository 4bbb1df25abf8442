package io.pilothouse.http;

import java.io.IOException;

/** A protocol upgrade that can't be done, or that the other side refused. */
public final class UpgradeException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int status;

    /** @param status the HTTP status to answer with, or that the other side answered with */
    public UpgradeException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status to answer with, or that the other side answered with. */
    public int status() {
        return status;
    }
}
