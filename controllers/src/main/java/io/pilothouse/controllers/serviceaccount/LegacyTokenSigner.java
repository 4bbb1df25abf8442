package io.pilothouse.controllers.serviceaccount;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/** Signs the tokens of service accounts that live in Secrets: JSON Web Tokens without an end, of the issuer kubernetes/serviceaccount. Holds the key in memory only. */
final class LegacyTokenSigner {
    private static final String ISSUER = "kubernetes/serviceaccount";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private final JsonMapper json = new JsonMapper();
    private final PrivateKey key;
    private final Map<String, String> header = new LinkedHashMap<>();
    private final String signature;

    private LegacyTokenSigner(PrivateKey key, String algorithm, String signature) {
        this.key = key;
        this.signature = signature;
        header.put("alg", algorithm);
    }

    /**
     * Reads a PEM file: an RSA key, or an elliptic one on P-256, P-384 or P-521.
     *
     * @throws IOException if it holds no such key
     */
    static LegacyTokenSigner load(Path file) throws IOException {
        PrivateKey key = read(file);
        return switch (key) {
            case RSAPrivateCrtKey rsa -> {
                var signer = new LegacyTokenSigner(key, "RS256", "SHA256withRSA");
                signer.header.put("kid", keyId(rsa));
                yield signer;
            }
            case ECPrivateKey curve ->
                switch (curve.getParams().getCurve().getField().getFieldSize()) {
                    case 256 -> new LegacyTokenSigner(key, "ES256", "SHA256withECDSAinP1363Format");
                    case 384 -> new LegacyTokenSigner(key, "ES384", "SHA384withECDSAinP1363Format");
                    case 521 -> new LegacyTokenSigner(key, "ES512", "SHA512withECDSAinP1363Format");
                    default -> throw new IOException(file + ": an elliptic key for tokens is on P-256, P-384 or P-521");
                };
            default -> throw new IOException(file + ": no RSA or elliptic private key");
        };
    }

    private static PrivateKey read(Path file) throws IOException {
        try (var parser = new PEMParser(Files.newBufferedReader(file))) {
            for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
                // Before an elliptic key there may stand its parameters.
                if (object instanceof PEMKeyPair pair) {
                    return new JcaPEMKeyConverter().getKeyPair(pair).getPrivate();
                }
                if (object instanceof PrivateKeyInfo info) {
                    return new JcaPEMKeyConverter().getPrivateKey(info);
                }
            }
        }
        throw new IOException(file + ": no private key");
    }

    /** Upstream's name of a key, by which a verifier picks it; it may be missing, and then all keys are tried. */
    private static String keyId(RSAPrivateCrtKey key) throws IOException {
        try {
            PublicKey open = KeyFactory.getInstance("RSA")
                    .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
            return ENCODER.encodeToString(MessageDigest.getInstance("SHA-256").digest(open.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("the key cannot be named", e);
        }
    }

    /** A token of an account that holds as long as the account and the secret do. */
    String sign(String namespace, String secret, String account, String accountUid) {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("kubernetes.io/serviceaccount/namespace", namespace);
        claims.put("kubernetes.io/serviceaccount/secret.name", secret);
        claims.put("kubernetes.io/serviceaccount/service-account.name", account);
        claims.put("kubernetes.io/serviceaccount/service-account.uid", accountUid);
        claims.put("sub", "system:serviceaccount:" + namespace + ":" + account);
        String signed = encode(header) + "." + encode(claims);
        try {
            var signing = Signature.getInstance(signature);
            signing.initSign(key);
            signing.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a token cannot be signed", e);
        }
    }

    private String encode(Map<String, String> part) {
        try {
            return ENCODER.encodeToString(json.writeValueAsBytes(part));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("strings can be written as JSON", e);
        }
    }
}
