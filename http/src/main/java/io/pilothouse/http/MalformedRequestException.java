package io.pilothouse.http;

import java.io.IOException;

/** A request body that breaks its framing (400). */
final class MalformedRequestException extends IOException {
    private static final long serialVersionUID = 1L;

    MalformedRequestException(String message) {
        super(message);
    }
}
