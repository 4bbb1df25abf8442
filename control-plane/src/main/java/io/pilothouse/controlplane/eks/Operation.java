package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** One operation of the EKS API. Called by many threads at once. */
public interface Operation {
    /** Its name, also that of the permission: {@code eks:<name>}. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Method and URI template, such as {@code GET /clusters/{name}}. */
    String route();

    /** The ARN that the permission is asked for; {@code *} for none in particular. */
    default String resource(EksCall call, EksNames names) {
        return call.path().containsKey("name") ? names.cluster(call.path("name")) : "*";
    }

    /**
     * Does it; returns the answer's body.
     *
     * @throws EksException for anything the client shall be told
     */
    JsonNode handle(EksCall call) throws IOException;
}
