package io.pilothouse.http;

import java.nio.charset.StandardCharsets;

/** Makes the body of an answer that no handler gave: malformed or excessive input and faults. Called on any thread; must not block. */
@FunctionalInterface
public interface ErrorRenderer {
    /** The answer's fields and body. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Rendered(Headers headers, byte[] body) {}

    /** Renders an HTTP status with a message that is fit for the client. */
    Rendered render(int status, String message);

    /** Plain text, as Go's server does. */
    static ErrorRenderer plainText() {
        return (status, message) -> new Rendered(
                Headers.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff"),
                (message + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
