package io.pilothouse.iam.token;

import io.pilothouse.iam.AuthenticationFailure;

/** Finds out who signed a token. May block; safe for many threads. */
@FunctionalInterface
public interface TokenVerifier {
    /** The principal that signed it. */
    VerifiedPrincipal verify(PresignedToken token) throws AuthenticationFailure;
}
