package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.util.Optional;

/** One backend of mappings. Safe for many threads; reflects changes of its source soon. */
public interface IdentityMapper {
    /** The backend's name, as in {@code --backend-mode}. */
    String name();

    /** The entry for a principal. */
    Optional<IdentityMapping> find(VerifiedPrincipal principal);
}
