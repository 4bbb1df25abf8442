package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES in CBC mode with PKCS#7 padding: a random vector, then the blocks. Authenticates nothing. */
record AesCbc(SecretKeySpec key, SecureRandom random) implements SecretCipher {
    private static final int BLOCK = 16;

    static AesCbc of(byte[] key, SecureRandom random) {
        return new AesCbc(new SecretKeySpec(key, "AES"), random);
    }

    @Override
    public byte[] encrypt(byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] vector = new byte[BLOCK];
        random.nextBytes(vector);
        return Bytes.join(vector, cipher(Cipher.ENCRYPT_MODE, vector).doFinal(plain));
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
        if (sealed.length < BLOCK || sealed.length % BLOCK != 0) {
            throw new GeneralSecurityException("the stored data is not a multiple of the block size");
        }
        byte[] vector = Bytes.slice(sealed, 0, BLOCK);
        return cipher(Cipher.DECRYPT_MODE, vector).doFinal(sealed, BLOCK, sealed.length - BLOCK);
    }

    private Cipher cipher(int mode, byte[] vector) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(mode, key, new IvParameterSpec(vector));
        return cipher;
    }

    @Override
    public String toString() {
        return "AesCbc";
    }
}
