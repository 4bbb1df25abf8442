package io.pilothouse.apiserver.encryption;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import org.bouncycastle.crypto.engines.XSalsa20Engine;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** NaCl's secretbox (XSalsa20 and Poly1305): a random nonce, the tag, the value. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SecretBox(byte[] key, SecureRandom random) implements SecretCipher {
    static final int KEY = 32;
    private static final int NONCE = 24;
    private static final int TAG = 16;

    @Override
    public byte[] encrypt(byte[] plain, byte[] context) {
        byte[] nonce = new byte[NONCE];
        random.nextBytes(nonce);
        byte[] sealed = new byte[NONCE + TAG + plain.length];
        System.arraycopy(nonce, 0, sealed, 0, NONCE);
        var stream = stream(nonce);
        byte[] macKey = stream.macKey();
        stream.engine().processBytes(plain, 0, plain.length, sealed, NONCE + TAG);
        System.arraycopy(tag(macKey, sealed), 0, sealed, NONCE, TAG);
        return sealed;
    }

    @Override
    public byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
        if (sealed.length < NONCE + TAG) {
            throw new GeneralSecurityException("the stored data was shorter than the required size");
        }
        var stream = stream(Bytes.slice(sealed, 0, NONCE));
        byte[] expected = tag(stream.macKey(), sealed);
        if (!MessageDigest.isEqual(expected, Bytes.slice(sealed, NONCE, NONCE + TAG))) {
            throw new GeneralSecurityException("output failed verification");
        }
        byte[] plain = new byte[sealed.length - NONCE - TAG];
        stream.engine().processBytes(sealed, NONCE + TAG, plain.length, plain, 0);
        return plain;
    }

    /** A key stream, whose first bytes are the key of the tag. */
    private record Stream(XSalsa20Engine engine, byte[] macKey) {}

    private Stream stream(byte[] nonce) {
        var engine = new XSalsa20Engine();
        engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
        byte[] macKey = new byte[KEY];
        engine.processBytes(macKey, 0, KEY, macKey, 0);
        return new Stream(engine, macKey);
    }

    private static byte[] tag(byte[] macKey, byte[] sealed) {
        var mac = new Poly1305();
        mac.init(new KeyParameter(macKey));
        mac.update(sealed, NONCE + TAG, sealed.length - NONCE - TAG);
        byte[] tag = new byte[TAG];
        mac.doFinal(tag, 0);
        return tag;
    }

    @Override
    public String toString() {
        return "SecretBox";
    }
}
