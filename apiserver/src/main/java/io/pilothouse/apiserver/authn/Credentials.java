package io.pilothouse.apiserver.authn;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a request brings to say who sent it.
 *
 * @param bearerToken of the Authorization header or, for a WebSocket, of its subprotocol
 * @param certificates the TLS client's chain, leaf first; not verified yet
 * @param headerNames the names of the request's headers
 * @param header all values of a header, by name
 */
public record Credentials(
        Optional<String> bearerToken,
        List<X509Certificate> certificates,
        List<String> headerNames,
        Function<String, List<String>> header) {
    @Override
    public String toString() {
        return "Credentials[token=" + (bearerToken.isPresent() ? "given" : "none") + ", certificates="
                + certificates.size() + "]";
    }
}
