package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;

/**
 * A signed token (RFC 7519, compact RFC 7515 form), read but not yet verified.
 *
 * @param algorithm as the token names it: one of RFC 7518
 */
public record JsonWebToken(String algorithm, String keyId, ObjectNode claims, byte[] signed, byte[] signature) {
    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    /** @throws InvalidCredentialException if the text has not the form of a signed token */
    public static JsonWebToken parse(String text) throws InvalidCredentialException {
        var parts = text.split("\\.", -1);
        if (parts.length != 3) {
            throw new InvalidCredentialException("not a signed token");
        }
        try {
            JsonNode header = JSON.readTree(DECODER.decode(parts[0]));
            JsonNode claims = JSON.readTree(DECODER.decode(parts[1]));
            if (!(header instanceof ObjectNode) || !(claims instanceof ObjectNode object)) {
                throw new InvalidCredentialException("the token's header or claims are not objects");
            }
            return new JsonWebToken(
                    header.path("alg").asText(),
                    header.path("kid").asText(),
                    object,
                    (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII),
                    DECODER.decode(parts[2]));
        } catch (IOException | IllegalArgumentException e) {
            throw new InvalidCredentialException("the token cannot be read", e);
        }
    }

    static String sign(ObjectNode claims, PrivateKey key, String keyId) {
        try {
            String algorithm = algorithmOf(key);
            var header = JSON.createObjectNode().put("alg", algorithm).put("kid", keyId);
            String signed = ENCODER.encodeToString(JSON.writeValueAsBytes(header)) + "."
                    + ENCODER.encodeToString(JSON.writeValueAsBytes(claims));
            var signer = Signature.getInstance(javaName(algorithm));
            signer.initSign(key);
            signer.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + ENCODER.encodeToString(signer.sign());
        } catch (GeneralSecurityException | JsonProcessingException e) {
            throw new IllegalStateException("cannot sign a token", e);
        }
    }

    /**
     * Whether a key of another issuer has signed it, which may use any of RS, PS and ES with 256, 384 or 512 bits. Whether the algorithm is
     * believed is the caller's to say.
     */
    public boolean verifiedBy(PublicKey key) {
        boolean fits = key instanceof RSAKey
                ? algorithm.matches("[RP]S(256|384|512)")
                : key instanceof ECKey && algorithm.equals(algorithmOf(key));
        if (!fits) {
            return false;
        }
        try {
            var verifier = key instanceof RSAKey ? rsa(algorithm) : Signature.getInstance(javaName(algorithm));
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    private static Signature rsa(String algorithm) throws GeneralSecurityException {
        String bits = algorithm.substring(2);
        if (algorithm.startsWith("RS")) {
            return Signature.getInstance("SHA" + bits + "withRSA");
        }
        var pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec(
                "SHA-" + bits,
                "MGF1",
                new MGF1ParameterSpec("SHA-" + bits),
                Integer.parseInt(bits) / 8,
                PSSParameterSpec.TRAILER_FIELD_BC));
        return pss;
    }

    boolean signedBy(PublicKey key) {
        try {
            if (!algorithm.equals(algorithmOf(key))) {
                return false;
            }
            var verifier = Signature.getInstance(javaName(algorithm));
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (GeneralSecurityException malformed) {
            return false;
        }
    }

    /** The algorithm that a key signs with; a token that names another is not this key's. */
    static String algorithmOf(Object key) {
        return switch (key) {
            case RSAKey rsa -> "RS256";
            case ECKey ec ->
                switch (ec.getParams().getCurve().getField().getFieldSize()) {
                    case 256 -> "ES256";
                    case 384 -> "ES384";
                    default -> "ES512";
                };
            default -> throw new IllegalArgumentException("keys of this kind do not sign service account tokens");
        };
    }

    private static String javaName(String algorithm) {
        return switch (algorithm) {
            case "RS256" -> "SHA256withRSA";
            case "ES256" -> "SHA256withECDSAinP1363Format";
            case "ES384" -> "SHA384withECDSAinP1363Format";
            default -> "SHA512withECDSAinP1363Format";
        };
    }
}
