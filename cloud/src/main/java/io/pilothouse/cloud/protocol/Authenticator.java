package io.pilothouse.cloud.protocol;

/** Finds out who signed a request. */
public interface Authenticator {
    /** A request found to be genuine; its body may be replaced by one that checks what was signed while it is read. */
    record Authenticated(CallerIdentity caller, AwsRequest request) {}

    /**
     * Verifies a request.
     *
     * @throws AwsException in the form and with the code of the given protocol
     */
    Authenticated authenticate(AwsRequest request, String service, Protocol protocol);
}
