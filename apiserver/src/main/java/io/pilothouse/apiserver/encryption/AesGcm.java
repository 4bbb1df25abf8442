package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in Galois/Counter mode: a random nonce, then the value with its tag. */
record AesGcm(SecretKeySpec key, SecureRandom random) implements SecretCipher {
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;

    static AesGcm of(byte[] key, SecureRandom random) {
        return new AesGcm(new SecretKeySpec(key, "AES"), random);
    }

    @Override
    public byte[] encrypt(byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        return Bytes.join(nonce, cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plain));
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
        if (sealed.length < NONCE) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        byte[] nonce = Bytes.slice(sealed, 0, NONCE);
        return cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(sealed, NONCE, sealed.length - NONCE);
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    @Override
    public String toString() {
        return "AesGcm";
    }
}
