package io.pilothouse.http;

import java.io.IOException;

/** A peer neither sent nor took a byte for the stall timeout, or did not send a whole body within it (408 when it was the request body). */
public final class BodyTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    BodyTimeoutException(String message) {
        super(message);
    }
}
