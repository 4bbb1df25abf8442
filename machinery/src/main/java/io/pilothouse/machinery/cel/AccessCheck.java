package io.pilothouse.machinery.cel;

/** Answers the questions of expressions for what somebody may do. Safe for many threads. */
@FunctionalInterface
public interface AccessCheck {
    Answer ask(Question question);

    /**
     * What somebody wants to do: something with a path, or with a resource.
     *
     * @param account {@code namespace/name} of the service account that is asked for; empty for who makes the request
     * @param path empty for a resource
     * @param fieldSelector what it is limited to, as written: it may be malformed, which the authorizer judges; empty for nothing
     * @param labelSelector the same by labels
     */
    record Question(
            String account,
            String verb,
            String path,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name,
            String fieldSelector,
            String labelSelector) {

        /** With a path. */
        static Question ofPath(String account, String verb, String path) {
            return new Question(account, verb, path, "", "", "", "", "", "", "");
        }
    }

    /** @param error what went wrong; empty for nothing */
    record Answer(boolean allowed, String reason, String error) {}
}
