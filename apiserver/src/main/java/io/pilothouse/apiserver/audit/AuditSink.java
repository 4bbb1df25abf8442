package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;

/** Where events go. Safe for use by many threads; events must not be changed. */
public interface AuditSink extends AutoCloseable {
    /** Writes events; returns when they are written. */
    void write(List<ObjectNode> events) throws IOException;

    /** Upstream's name of it: log or webhook. */
    String name();

    @Override
    void close();
}
