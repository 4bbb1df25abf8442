package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.fairness.Seat;
import io.pilothouse.apiserver.request.TimeLimit;
import io.pilothouse.http.Headers;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What filters and handlers note of a request on its way: shared by all its forms, changed as it goes on. For the request's thread. */
public final class RequestContext {
    /** Is told of what goes in and out. */
    public interface Observer {
        /** The request's body was read. */
        void body(byte[] bytes);

        /** An answer is given whole, before it may be compressed. */
        void answer(String contentType, byte[][] pieces);

        /** An answer begins. */
        void answered(int status);
    }

    /** Counts the request once it is known what serves it. */
    public interface Meter {
        /**
         * There is a route for it.
         *
         * @param deprecated whether clients are told to use another one
         */
        void routed(boolean deprecated);
    }

    private final Map<String, String> annotations = new LinkedHashMap<>();
    private @Nullable Seat seat;
    private @Nullable TimeLimit limit;
    private @Nullable Meter meter;
    private final AtomicLong othersNanos = new AtomicLong();
    private @Nullable Observer observer;

    /** A fact for the audit log; the first value of a key stands. */
    public void annotate(String key, String value) {
        annotations.putIfAbsent(key, value);
    }

    /** Facts for the audit log. */
    public Map<String, String> annotations() {
        return Collections.unmodifiableMap(annotations);
    }

    /** Who is told from here on. */
    public void observe(Observer value) {
        observer = value;
    }

    /** Whether somebody is told. */
    public boolean observed() {
        return observer != null;
    }

    /** The request's body was read. */
    public void body(byte[] bytes) {
        if (observer != null) {
            observer.body(bytes);
        }
    }

    void answer(String contentType, byte[][] pieces) {
        if (observer != null) {
            observer.answer(contentType, pieces);
        }
    }

    /** Who counts the request. */
    public void meter(Meter value) {
        meter = value;
    }

    /** There is a route for the request. */
    public void routed(boolean deprecated) {
        if (meter != null) {
            meter.routed(deprecated);
        }
        if (deprecated) {
            annotate("k8s.io/deprecated", "true");
        }
    }

    /** So much of the request's time was not the server's own. From any thread. */
    public void spentElsewhere(long nanos) {
        othersNanos.addAndGet(nanos);
    }

    /** How much of the request's time was not the server's own. */
    public long spentElsewhere() {
        return othersNanos.get();
    }

    /** How long the work for the request may take. */
    public void limit(TimeLimit value) {
        limit = value;
    }

    /** How long the work for the request may take. */
    public TimeLimit limit() {
        return Objects.requireNonNull(limit, "the first filter sets it");
    }

    /** The request's permit to be served. */
    public void seat(Seat value) {
        seat = value;
    }

    /** A watch has sent what was there when it began; from here on it takes no seat. */
    public void started() {
        if (seat != null) {
            seat.close();
        }
    }

    /** An answer begins: it says which flow schema and level the request belongs to. */
    public void answered(int code, Headers headers) {
        if (seat != null && !seat.schemaUid().isEmpty()) {
            headers.set("x-kubernetes-pf-flowschema-uid", seat.schemaUid());
            headers.set("x-kubernetes-pf-prioritylevel-uid", seat.levelUid());
        }
        if (observer != null) {
            observer.answered(code);
        }
    }
}
