package io.pilothouse.apiserver.authn;

import io.pilothouse.apiserver.request.Notes;
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
 * @param notes where authenticators leave warnings and facts
 */
public record Credentials(
        Optional<String> bearerToken,
        List<X509Certificate> certificates,
        List<String> headerNames,
        Function<String, List<String>> header,
        Notes notes) {
    /** A bearer token alone. */
    public static Credentials ofToken(String token) {
        return new Credentials(Optional.of(token), List.of(), List.of(), name -> List.of(), Notes.NONE);
    }

    @Override
    public String toString() {
        return "Credentials[token=" + (bearerToken.isPresent() ? "given" : "none") + ", certificates="
                + certificates.size() + "]";
    }
}
