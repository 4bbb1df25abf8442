package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;

/** Encrypts values under one key. Safe for use by many threads. */
interface SecretCipher {
    /** @param context authenticated with the value, where the cipher authenticates: the value's key in etcd */
    byte[] encrypt(byte[] plain, byte[] context) throws GeneralSecurityException;

    /** @throws GeneralSecurityException if the value was not encrypted under this key, or not for this context */
    byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException;
}
