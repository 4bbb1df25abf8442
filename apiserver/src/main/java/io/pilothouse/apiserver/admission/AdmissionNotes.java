package io.pilothouse.apiserver.admission;

/** What admission has to say besides yes and no. */
public interface AdmissionNotes {
    /** Adds a Warning header to the answer. */
    void warn(String text);

    /** Adds an annotation to the request's audit event; the first value of a key stays. */
    void annotate(String key, String value);

    /** So much of the request's time a webhook took. */
    void spentElsewhere(long nanos);
}
