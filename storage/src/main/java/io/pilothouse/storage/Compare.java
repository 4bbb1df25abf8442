package io.pilothouse.storage;

/** A transaction's condition on one key. */
public sealed interface Compare {
    /** The key. */
    String key();

    /** The key's last change is that revision; 0 holds when it is not there. */
    record ModRevision(String key, long revision) implements Compare {}

    /** The key was created at that revision; 0 holds when it is not there. */
    record CreateRevision(String key, long revision) implements Compare {}

    /** The key has had so many changes since its creation; 0 holds when it is not there. */
    record Version(String key, long version) implements Compare {}

    /** The key is not there. */
    static Compare absent(String key) {
        return new CreateRevision(key, 0);
    }

    /** The key is unchanged since that revision. */
    static Compare unchanged(String key, long modRevision) {
        return new ModRevision(key, modRevision);
    }
}
