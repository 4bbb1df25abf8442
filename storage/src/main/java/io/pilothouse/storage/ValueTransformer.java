package io.pilothouse.storage;

/** What stands between a value and its stored form: encryption at rest. Safe on any thread. */
public interface ValueTransformer {
    /**
     * The form to store. The key is authenticated with it, so that a value can't be moved to another.
     *
     * @throws StorageException.Failed when the key service fails
     */
    byte[] toStorage(String key, byte[] value);

    /**
     * The value of a stored form.
     *
     * @throws StorageException.Failed when no provider can read it
     */
    byte[] fromStorage(String key, byte[] stored);

    /** Whether a stored form should be written anew though its value is the same: under another key, in another way. */
    default boolean isStale(String key, byte[] stored) {
        return false;
    }

    /** Stores values as they are. */
    static ValueTransformer identity() {
        return new ValueTransformer() {
            @Override
            public byte[] toStorage(String key, byte[] value) {
                return value;
            }

            @Override
            public byte[] fromStorage(String key, byte[] stored) {
                return stored;
            }
        };
    }
}
