package io.pilothouse.apiserver.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.TestCertificates;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An OpenID Connect issuer on loopback. */
final class TestIssuer implements AutoCloseable {
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    final TestCertificates authority;
    private final HttpServer server;
    private final List<String> published = new ArrayList<>();

    TestIssuer() throws Exception {
        authority = new TestCertificates("issuers");
        server = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withTls(authority.server()),
                exchange -> {
                    String body = exchange.rawPath().equals("/keys")
                            ? "{\"keys\":[" + String.join(",", published) + "]}"
                            : "{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + "/keys\"}";
                    exchange.respond(200, Headers.of("content-type", "application/json"), body.getBytes(UTF_8));
                });
    }

    String url() {
        return "https://localhost:" + server.address().getPort();
    }

    static KeyPair rsa() throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    static KeyPair ec() throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    void publish(String id, KeyPair pair) {
        published.add(
                switch (pair.getPublic()) {
                    case RSAPublicKey key ->
                        "{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"%s\",\"n\":\"%s\",\"e\":\"%s\"}"
                                .formatted(id, number(key.getModulus()), number(key.getPublicExponent()));
                    case ECPublicKey key ->
                        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
                                .formatted(
                                        id,
                                        number(key.getW().getAffineX()),
                                        number(key.getW().getAffineY()));
                    default -> throw new IllegalArgumentException();
                });
    }

    private static String number(BigInteger value) {
        return ENCODER.encodeToString(value.toByteArray());
    }

    static String token(String algorithm, String id, PrivateKey key, String claims) throws Exception {
        String head = "{\"alg\":\"%s\",\"kid\":\"%s\"}".formatted(algorithm, id);
        String signed =
                ENCODER.encodeToString(head.getBytes(UTF_8)) + "." + ENCODER.encodeToString(claims.getBytes(UTF_8));
        var signer = Signature.getInstance(
                switch (algorithm.substring(0, 2)) {
                    case "RS" -> "SHA256withRSA";
                    case "PS" -> "RSASSA-PSS";
                    default -> "SHA256withECDSAinP1363Format";
                });
        if (algorithm.startsWith("PS")) {
            signer.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        }
        signer.initSign(key);
        signer.update(signed.getBytes(UTF_8));
        return signed + "." + ENCODER.encodeToString(signer.sign());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
