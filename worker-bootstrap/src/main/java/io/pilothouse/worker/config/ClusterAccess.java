package io.pilothouse.worker.config;

import java.net.URI;

/**
 * How a cluster is reached.
 *
 * @param name the cluster's name, for IAM tokens; empty when another credential is used
 * @param endpoint the API server
 * @param authorityPem its authority's certificates, which also sign the API server's client certificate
 * @param token a fixed bearer token, or empty for the instance's role
 */
public record ClusterAccess(String name, URI endpoint, String authorityPem, String token) {
    /** Shows no token. */
    @Override
    public String toString() {
        return "ClusterAccess[" + name + " at " + endpoint + "]";
    }
}
