package io.pilothouse.apiserver.authn;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys of service account tokens: one that signs, and all that verify, by their key id. */
public final class ServiceAccountKeys {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final PrivateKey signing;
    private final String signingId;
    private final Map<String, PublicKey> verifying = new LinkedHashMap<>();

    /** @param signingPublic the signing key's own public half; it is among the verifying keys */
    public ServiceAccountKeys(PrivateKey signing, PublicKey signingPublic, List<PublicKey> verifying) {
        this.signing = signing;
        this.signingId = idOf(signingPublic);
        for (var key : verifying) {
            this.verifying.put(idOf(key), key);
        }
        this.verifying.putIfAbsent(signingId, signingPublic);
    }

    String sign(ObjectNode claims) {
        return JsonWebToken.sign(claims, signing, signingId);
    }

    /** Whether one of the keys has signed a token; a key id, where the token has one we know, picks the key. */
    boolean verifies(JsonWebToken token) {
        var named = verifying.get(token.keyId());
        return named != null
                ? token.signedBy(named)
                : verifying.values().stream().anyMatch(token::signedBy);
    }

    /** The JSON Web Key Set (RFC 7517) of {@code /openid/v1/jwks}. */
    public ObjectNode keySet() {
        var set = JsonNodeFactory.instance.objectNode();
        var keys = set.putArray("keys");
        verifying.forEach((id, key) -> {
            var entry = keys.addObject().put("use", "sig");
            switch (key) {
                case RSAPublicKey rsa ->
                    entry.put("kty", "RSA")
                            .put("kid", id)
                            .put("alg", "RS256")
                            .put("n", encode(rsa.getModulus(), 0))
                            .put("e", encode(rsa.getPublicExponent(), 0));
                case ECPublicKey ec -> {
                    int bytes = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
                    entry.put("kty", "EC")
                            .put("kid", id)
                            .put(
                                    "crv",
                                    "P-" + ec.getParams().getCurve().getField().getFieldSize())
                            .put("alg", JsonWebToken.algorithmOf(ec))
                            .put("x", encode(ec.getW().getAffineX(), bytes))
                            .put("y", encode(ec.getW().getAffineY(), bytes));
                }
                default -> throw new IllegalStateException("no JSON form for a key of this kind");
            }
        });
        return set;
    }

    /** The distinct algorithms, for the OpenID configuration. */
    public List<String> algorithms() {
        return verifying.values().stream()
                .map(JsonWebToken::algorithmOf)
                .distinct()
                .sorted()
                .toList();
    }

    /** Upstream's key id: the SHA-256 of the key's SubjectPublicKeyInfo. */
    private static String idOf(PublicKey key) {
        return ENCODER.encodeToString(Digests.sha256(key.getEncoded()));
    }

    private static String encode(BigInteger value, int length) {
        byte[] bytes = value.toByteArray();
        int start = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
        byte[] plain = Arrays.copyOfRange(bytes, start, bytes.length);
        if (plain.length < length) {
            byte[] padded = new byte[length];
            System.arraycopy(plain, 0, padded, length - plain.length, plain.length);
            plain = padded;
        }
        return ENCODER.encodeToString(plain);
    }

    @Override
    public String toString() {
        return "ServiceAccountKeys[" + verifying.keySet() + "]";
    }
}
