package io.pilothouse.apiserver.request;

/** What those who handle a request have to say beside its answer. For the request's thread. */
public interface Notes {
    /** Of nobody who listens. */
    Notes NONE = new Notes() {
        @Override
        public void warn(String text) {}

        @Override
        public void annotate(String key, String value) {}
    };

    /** A text for a Warning header. */
    void warn(String text);

    /** A fact for the audit log; the first value of a key stands. */
    void annotate(String key, String value);
}
