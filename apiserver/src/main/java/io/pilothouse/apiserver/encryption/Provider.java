package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;

/** One way in which values are stored, told from others by what they begin with. Safe for use by many threads. */
interface Provider {
    /** A value, and whether it should be written anew: with another key, in another way. */
    record Opened(byte[] plain, boolean stale) {}

    /** What all values of this provider begin with. */
    byte[] prefix();

    /** What stands after the prefix. */
    byte[] seal(byte[] plain, byte[] context) throws GeneralSecurityException;

    /** @param sealed what stands after the prefix */
    Opened open(byte[] sealed, byte[] context) throws GeneralSecurityException;

    /** Values as they are. What another provider encrypted is not one. */
    Provider IDENTITY = new Provider() {
        private static final String ENCRYPTED = "k8s:enc:";

        @Override
        public byte[] prefix() {
            return new byte[0];
        }

        @Override
        public byte[] seal(byte[] plain, byte[] context) {
            return plain;
        }

        @Override
        public Opened open(byte[] sealed, byte[] context) throws GeneralSecurityException {
            if (Bytes.startsWith(sealed, Bytes.of(ENCRYPTED))) {
                throw new GeneralSecurityException("identity transformer tried to read encrypted data");
            }
            return new Opened(sealed, false);
        }
    };
}
