package io.pilothouse.http;

import java.io.IOException;

/** A request body is longer than its reader allows (413). */
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    /** @param maxBytes what was allowed */
    public BodyTooLargeException(long maxBytes) {
        super("request body is longer than " + maxBytes + " bytes");
    }
}
