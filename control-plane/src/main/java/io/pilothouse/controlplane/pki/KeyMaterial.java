package io.pilothouse.controlplane.pki;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;

/** Keys and their text forms. */
final class KeyMaterial {
    private static final int CURVE_BITS = 256;

    private KeyMaterial() {}

    /** A P-256 key. */
    static KeyPair elliptic() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no P-256", e);
        }
    }

    /** A 2048 bit RSA key, which every verifier of service account tokens can read. */
    static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no RSA", e);
        }
    }

    static byte[] pem(X509Certificate certificate) throws IOException {
        try {
            return block("CERTIFICATE", certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate can't be encoded", e);
        }
    }

    /** SEC 1 for private EC keys, which every client reads; else PKCS#8, or SubjectPublicKeyInfo. */
    static byte[] pem(Key key) {
        if (key instanceof ECPrivateKey) {
            return block("EC PRIVATE KEY", sec1(key.getEncoded()));
        }
        return block(key instanceof java.security.PublicKey ? "PUBLIC KEY" : "PRIVATE KEY", key.getEncoded());
    }

    /** The key with its curve's name, which the form within PKCS#8 leaves out. */
    private static byte[] sec1(byte[] pkcs8) {
        try {
            PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
            var inner = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
            return new org.bouncycastle.asn1.sec.ECPrivateKey(
                            CURVE_BITS,
                            inner.getKey(),
                            info.getPrivateKeyAlgorithm().getParameters())
                    .getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException("a key that was just made can be encoded", e);
        }
    }

    private static byte[] block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
