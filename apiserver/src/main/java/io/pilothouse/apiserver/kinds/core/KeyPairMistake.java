package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.http.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is wrong with a certificate and its key, in the words of Go's tls.X509KeyPair. */
final class KeyPairMistake {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([^-\n]+)-----\\s([^-]*)-----END \\1-----", Pattern.DOTALL);
    private static final byte[] PROBE = "probe".getBytes(StandardCharsets.US_ASCII);

    private KeyPairMistake() {}

    private record Block(String type, String text, String body) {}

    /** @return empty for a pair that fits */
    static Optional<String> of(byte[] certificate, byte[] key) {
        var certificates = blocks(certificate);
        var chosen = certificates.stream()
                .filter(b -> b.type().equals("CERTIFICATE"))
                .findFirst();
        if (chosen.isEmpty()) {
            return Optional.of(noCertificate(types(certificates)));
        }
        var keys = blocks(key);
        var chosenKey = keys.stream()
                .filter(b -> b.type().equals("PRIVATE KEY") || b.type().endsWith(" PRIVATE KEY"))
                .findFirst();
        if (chosenKey.isEmpty()) {
            return Optional.of(noKey(types(keys)));
        }
        return compare(chosen.get(), chosenKey.get());
    }

    private static List<Block> blocks(byte[] pem) {
        var out = new ArrayList<Block>();
        var matcher = BLOCK.matcher(new String(pem, StandardCharsets.UTF_8));
        while (matcher.find()) {
            out.add(new Block(matcher.group(1), matcher.group(), matcher.group(2)));
        }
        return out;
    }

    private static List<String> types(List<Block> blocks) {
        return blocks.stream().map(Block::type).toList();
    }

    private static String noCertificate(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in certificate input";
        }
        if (types.size() == 1 && types.getFirst().endsWith("PRIVATE KEY")) {
            return "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have"
                    + " been switched";
        }
        return "tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the following"
                + " types: [" + String.join(" ", types) + "]";
    }

    private static String noKey(List<String> types) {
        if (types.isEmpty()) {
            return "tls: failed to find any PEM data in key input";
        }
        if (types.equals(List.of("CERTIFICATE"))) {
            return "tls: found a certificate rather than a key in the PEM for the private key";
        }
        return "tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks of the"
                + " following types: [" + String.join(" ", types) + "]";
    }

    private static Optional<String> compare(Block certificate, Block key) {
        PublicKey publicKey;
        try {
            byte[] der = Base64.getMimeDecoder().decode(certificate.body());
            publicKey = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der))
                    .getPublicKey();
        } catch (CertificateException | IllegalArgumentException e) {
            return Optional.of("x509: malformed certificate");
        }
        PrivateKey privateKey;
        try {
            privateKey = Pem.privateKey(key.text().getBytes(StandardCharsets.UTF_8), "the key");
        } catch (IOException | IllegalArgumentException e) {
            return Optional.of("tls: failed to parse private key");
        }
        if (!privateKey.getAlgorithm().equals(publicKey.getAlgorithm())) {
            return Optional.of("tls: private key type does not match public key type");
        }
        return belongTogether(publicKey, privateKey)
                ? Optional.empty()
                : Optional.of("tls: private key does not match public key");
    }

    private static boolean belongTogether(PublicKey publicKey, PrivateKey privateKey) {
        String algorithm = switch (publicKey.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> publicKey.getAlgorithm();
        };
        try {
            var signer = Signature.getInstance(algorithm);
            signer.initSign(privateKey);
            signer.update(PROBE);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(PROBE);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
