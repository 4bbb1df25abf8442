package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-GCM under a key of its own for every value: derived (RFC 5869, expand only, SHA-256) from a seed and 32 random bytes, which stand before the
 * value. So a seed lasts for as many values as one likes.
 */
record ExtendedNonceGcm(SecretKey seed, SecureRandom random) implements SecretCipher {
    static final int SEED = 32;
    private static final int INFO = 32;
    private static final int KEY = 32;

    static ExtendedNonceGcm of(byte[] seed, SecureRandom random) throws GeneralSecurityException {
        if (seed.length < SEED) {
            throw new GeneralSecurityException("invalid seed length " + seed.length + " used for key generation");
        }
        return new ExtendedNonceGcm(new SecretKeySpec(seed, "Generic"), random);
    }

    @Override
    public byte[] encrypt(byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] info = new byte[INFO];
        random.nextBytes(info);
        return Bytes.join(info, AesGcm.of(derive(info), random).encrypt(plain, context));
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
        if (sealed.length < INFO) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        byte[] info = Bytes.slice(sealed, 0, INFO);
        return AesGcm.of(derive(info), random).decrypt(Bytes.slice(sealed, INFO, sealed.length), context);
    }

    private byte[] derive(byte[] info) throws GeneralSecurityException {
        return KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.expandOnly(seed, info, KEY));
    }

    @Override
    public String toString() {
        return "ExtendedNonceGcm";
    }
}
