package io.pilothouse.apiserver.fairness;

/**
 * A request's permit: it is served until it is closed, which may be before its end, as for a watch that has begun. Closing it again does nothing.
 */
public final class Seat implements AutoCloseable {
    private final String schemaUid;
    private final String levelUid;
    private final Runnable onClose;
    private boolean closed;

    Seat(String schemaUid, String levelUid, Runnable onClose) {
        this.schemaUid = schemaUid;
        this.levelUid = levelUid;
        this.onClose = onClose;
    }

    /** The uid of the flow schema that the request belongs to; empty where it has none. */
    public String schemaUid() {
        return schemaUid;
    }

    /** The uid of its priority level. */
    public String levelUid() {
        return levelUid;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }
}
