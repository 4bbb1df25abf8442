package io.pilothouse.controllers.certificates;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.bc.BcX509ExtensionUtils;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates with the cluster's key. Holds the key in memory only. */
final class CertificateAuthority {
    private static final Duration BACKDATE = Duration.ofMinutes(5);
    private static final Map<String, Integer> KEY_USAGES = Map.of(
            "signing",
            KeyUsage.digitalSignature,
            "digital signature",
            KeyUsage.digitalSignature,
            "content commitment",
            KeyUsage.nonRepudiation,
            "key encipherment",
            KeyUsage.keyEncipherment,
            "key agreement",
            KeyUsage.keyAgreement,
            "data encipherment",
            KeyUsage.dataEncipherment);
    private static final Map<String, KeyPurposeId> PURPOSES = Map.of(
            "any",
            KeyPurposeId.anyExtendedKeyUsage,
            "server auth",
            KeyPurposeId.id_kp_serverAuth,
            "client auth",
            KeyPurposeId.id_kp_clientAuth,
            "code signing",
            KeyPurposeId.id_kp_codeSigning,
            "email protection",
            KeyPurposeId.id_kp_emailProtection,
            "timestamping",
            KeyPurposeId.id_kp_timeStamping,
            "ocsp signing",
            KeyPurposeId.id_kp_OCSPSigning);

    private final X509CertificateHolder certificate;
    private final ContentSigner signer;
    private final SecureRandom random;

    private CertificateAuthority(X509CertificateHolder certificate, ContentSigner signer, SecureRandom random) {
        this.certificate = certificate;
        this.signer = signer;
        this.random = random;
    }

    /**
     * Reads PEM files.
     *
     * @throws IOException if they do not hold a certificate and a key
     */
    static CertificateAuthority load(Path certificate, Path key, SecureRandom random) throws IOException {
        try (var certificates = new PEMParser(Files.newBufferedReader(certificate));
                var keys = new PEMParser(Files.newBufferedReader(key))) {
            if (!(certificates.readObject() instanceof X509CertificateHolder holder)) {
                throw new IOException("no certificate in " + certificate);
            }
            PrivateKeyInfo info = switch (keys.readObject()) {
                case PEMKeyPair pair -> pair.getPrivateKeyInfo();
                case PrivateKeyInfo plain -> plain;
                case null, default -> throw new IOException("no private key in " + key);
            };
            var privateKey = new JcaPEMKeyConverter().getPrivateKey(info);
            String algorithm = switch (privateKey.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC", "ECDSA" -> "SHA256withECDSA";
                default -> privateKey.getAlgorithm();
            };
            return new CertificateAuthority(holder, new JcaContentSignerBuilder(algorithm).build(privateKey), random);
        } catch (OperatorCreationException e) {
            throw new IOException("cannot sign with " + key, e);
        }
    }

    /**
     * Signs a request whose rules were checked.
     *
     * @return PEM
     * @throws IOException if the certificate cannot be encoded
     */
    String sign(Request request, Duration duration, Instant now) throws IOException {
        Instant end = now.plus(duration);
        Instant last = certificate.getNotAfter().toInstant();
        var builder = new X509v3CertificateBuilder(
                certificate.getSubject(),
                new BigInteger(127, random).add(BigInteger.ONE),
                Date.from(now.minus(BACKDATE)),
                Date.from(end.isBefore(last) ? end : last),
                request.pkcs10().getSubject(),
                request.pkcs10().getSubjectPublicKeyInfo());
        int usage = request.usages().stream()
                .mapToInt(each -> KEY_USAGES.getOrDefault(each, 0))
                .reduce(0, (a, b) -> a | b);
        var purposes = new ArrayList<KeyPurposeId>();
        request.usages().stream()
                .filter(PURPOSES::containsKey)
                .map(PURPOSES::get)
                .forEach(purposes::add);
        if (usage != 0) {
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        }
        if (!purposes.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
        }
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(
                Extension.authorityKeyIdentifier,
                false,
                new BcX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getSubjectPublicKeyInfo()));
        var names = request.alternativeNames();
        if (names.isPresent()) {
            builder.addExtension(Extension.subjectAlternativeName, false, names.get());
        }
        var pem = new StringWriter();
        try (var writer = new JcaPEMWriter(pem)) {
            writer.writeObject(builder.build(signer));
        }
        return pem.toString();
    }
}
