package io.pilothouse.iam.mapping;

import io.pilothouse.iam.token.VerifiedPrincipal;
import java.nio.file.Path;
import java.util.Optional;

/** EKS access entries from the file that the control plane writes. */
public final class AccessEntryMapper implements IdentityMapper {
    private final WatchedFile<AccessEntries> file;

    /** Entries of that file; it may come later. */
    public AccessEntryMapper(Path path) {
        file = new WatchedFile<>(path, AccessEntries::parse, AccessEntries.none());
    }

    /** The entries as of now. */
    public AccessEntries entries() {
        return file.content();
    }

    @Override
    public String name() {
        return "AccessEntries";
    }

    @Override
    public Optional<IdentityMapping> find(VerifiedPrincipal principal) {
        return entries().find(principal.canonicalArn(), principal.userId()).map(AccessEntries.Entry::mapping);
    }
}
