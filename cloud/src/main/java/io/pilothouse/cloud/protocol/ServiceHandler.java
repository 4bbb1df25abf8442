package io.pilothouse.cloud.protocol;

import java.io.IOException;

/** One AWS service behind the shared endpoint. Called by many threads at once. */
public interface ServiceHandler {
    /** The name in the credential scope, such as {@code eks}. */
    String service();

    /** How its errors are rendered. */
    Protocol protocol();

    /** The XML namespace of its errors; empty for none. */
    default String namespace() {
        return "";
    }

    /** Whether a request without a signature looks like one of this service, so that its refusal has the right form. */
    default boolean claims(AwsRequest unsigned) {
        return false;
    }

    /**
     * Answers a request whose signature has been verified.
     *
     * @throws AwsException for anything the client shall be told
     */
    AwsResponse handle(AwsCall call) throws IOException;
}
