package io.pilothouse.apiserver.authn;

import io.pilothouse.http.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;

/** Public keys of PEM files: plain, of certificates, or the public half of a private key, as upstream reads them. */
public final class PemKeys {
    private static final Pattern PUBLIC =
            Pattern.compile("-----BEGIN PUBLIC KEY-----([^-]*)-----END PUBLIC KEY-----", Pattern.DOTALL);

    private PemKeys() {}

    /** @throws IOException when there is none, or one cannot be read */
    public static List<PublicKey> publicKeys(Path file) throws IOException {
        String text = Files.readString(file);
        var keys = new ArrayList<PublicKey>();
        var block = PUBLIC.matcher(text);
        while (block.find()) {
            keys.add(publicKey(Base64.getMimeDecoder().decode(block.group(1)), file));
        }
        if (text.contains("BEGIN CERTIFICATE")) {
            Pem.certificates(file).forEach(c -> keys.add(c.getPublicKey()));
        }
        if (text.contains("PRIVATE KEY")) {
            keys.add(publicHalf(Pem.privateKey(file), List.of(), file));
        }
        if (keys.isEmpty()) {
            throw new IOException(file + ": no public key");
        }
        return keys;
    }

    private static PublicKey publicKey(byte[] encoded, Path file) throws IOException {
        for (String algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
            } catch (GeneralSecurityException otherAlgorithm) {
                // The next one is tried.
            }
        }
        throw new IOException(file + ": neither an RSA nor an EC public key");
    }

    /** The public half of a private key: computed, or found among others. */
    public static PublicKey publicHalf(PrivateKey key, List<PublicKey> others, Path file) throws IOException {
        try {
            if (key instanceof RSAPrivateCrtKey rsa) {
                return KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(rsa.getModulus(), rsa.getPublicExponent()));
            }
            var info = PrivateKeyInfo.getInstance(key.getEncoded());
            var point = ECPrivateKey.getInstance(info.parsePrivateKey()).getPublicKey();
            if (point != null) {
                var spki = new org.bouncycastle.asn1.x509.SubjectPublicKeyInfo(
                        info.getPrivateKeyAlgorithm(), point.getBytes());
                return publicKey(spki.getEncoded(), file);
            }
            return ownOf(key, others, file);
        } catch (GeneralSecurityException e) {
            throw new IOException(file + ": the public half cannot be computed", e);
        }
    }

    private static PublicKey ownOf(PrivateKey key, List<PublicKey> others, Path file)
            throws IOException, GeneralSecurityException {
        byte[] probe = BigInteger.TEN.toByteArray();
        var signer = java.security.Signature.getInstance("SHA256withECDSA");
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        for (var candidate : others) {
            if (candidate.getAlgorithm().equals("EC")) {
                var verifier = java.security.Signature.getInstance("SHA256withECDSA");
                verifier.initVerify(candidate);
                verifier.update(probe);
                if (verifier.verify(signature)) {
                    return candidate;
                }
            }
        }
        throw new IOException(file + ": the key file has no public half; give it with --service-account-key-file");
    }
}
