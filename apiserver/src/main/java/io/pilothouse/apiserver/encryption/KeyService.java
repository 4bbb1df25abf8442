package io.pilothouse.apiserver.encryption;

import java.io.IOException;
import java.util.Map;

/** A service that encrypts keys under a key which never leaves it. */
interface KeyService extends AutoCloseable {
    /** How the service is, and which key it would encrypt with. */
    record Status(String version, String health, String keyId) {}

    /** An encrypted key, and what the service needs to decrypt it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Encrypted(byte[] source, String keyId, Map<String, byte[]> annotations) {}

    Status status() throws IOException;

    Encrypted encrypt(byte[] plain) throws IOException;

    byte[] decrypt(EncryptedObject object) throws IOException;

    @Override
    void close();
}
