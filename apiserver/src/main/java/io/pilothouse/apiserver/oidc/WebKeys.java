package io.pilothouse.apiserver.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.authn.JsonWebToken;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The keys of a JSON Web Key Set (RFC 7517) that verify signatures. Immutable. */
final class WebKeys {
    private record Entry(String id, PublicKey key) {}

    private final List<Entry> entries;

    private WebKeys(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    static WebKeys none() {
        return new WebKeys(List.of());
    }

    /** Keys of kinds that are not known here, or not for signatures, are left out. */
    static WebKeys of(JsonNode set) {
        var out = new ArrayList<Entry>();
        for (var key : set.path("keys")) {
            String use = key.path("use").asText("");
            if (use.isEmpty() || use.equals("sig")) {
                key(key).ifPresent(k -> out.add(new Entry(key.path("kid").asText(""), k)));
            }
        }
        return new WebKeys(out);
    }

    /** Whether one of the keys has signed a token; where both have key ids, only that one is tried. */
    boolean verify(JsonWebToken token) {
        return entries.stream()
                .filter(e -> token.keyId().isEmpty() || e.id().equals(token.keyId()))
                .anyMatch(e -> token.verifiedBy(e.key()));
    }

    private static Optional<PublicKey> key(JsonNode key) {
        try {
            return switch (key.path("kty").asText("")) {
                case "RSA" ->
                    Optional.of(KeyFactory.getInstance("RSA")
                            .generatePublic(new RSAPublicKeySpec(number(key, "n"), number(key, "e"))));
                case "EC" -> Optional.of(curvePoint(key));
                default -> Optional.empty();
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static PublicKey curvePoint(JsonNode key) throws GeneralSecurityException {
        String curve = switch (key.path("crv").asText("")) {
            case "P-256" -> "secp256r1";
            case "P-384" -> "secp384r1";
            case "P-521" -> "secp521r1";
            default -> throw new IllegalArgumentException("unknown curve");
        };
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(
                        new ECPoint(number(key, "x"), number(key, "y")),
                        parameters.getParameterSpec(ECParameterSpec.class)));
    }

    private static BigInteger number(JsonNode key, String field) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(key.path(field).asText("")));
    }
}
