package io.pilothouse.apiserver.authn;

import io.pilothouse.apiserver.request.UserInfo;
import java.util.Optional;

/** One way to find out who is asking. */
@FunctionalInterface
public interface Authenticator {
    /**
     * Looks for a credential of its kind.
     *
     * @return the user, or empty if there is no such credential or it is not this authenticator's to judge
     * @throws InvalidCredentialException if there is one and it is bad; others are still asked
     */
    Optional<UserInfo> authenticate(Credentials credentials) throws InvalidCredentialException;
}
