package io.pilothouse.controlplane.pki;

import io.pilothouse.http.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One authority, kept as {@code <name>.crt} and {@code <name>.key} in PEM. Safe for many threads. */
public final class CertificateAuthority {
    private static final Duration LIFETIME = Duration.ofDays(3652);
    /** Clocks of peers may be behind ours. */
    private static final Duration BACKDATED = Duration.ofMinutes(5);
    /** A certificate is made anew when less of its life is left. */
    private static final Duration RENEW_BEFORE = Duration.ofDays(120);

    private final X509Certificate certificate;
    private final PrivateKey key;
    private final Clock clock;

    private CertificateAuthority(X509Certificate certificate, PrivateKey key, Clock clock) {
        this.certificate = certificate;
        this.key = key;
        this.clock = clock;
    }

    /** The authority kept in a directory, made when there is none. */
    public static CertificateAuthority ensure(Path directory, String name, String commonName, Clock clock)
            throws IOException {
        Path certificate = directory.resolve(name + ".crt");
        Path key = directory.resolve(name + ".key");
        if (!Files.exists(certificate)) {
            KeyPair pair = KeyMaterial.elliptic();
            X500Name subject = new X500NameBuilder(BCStyle.INSTANCE)
                    .addRDN(BCStyle.CN, commonName)
                    .build();
            X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), clock.instant(), LIFETIME);
            try {
                builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
                builder.addExtension(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign | KeyUsage.digitalSignature));
                builder.addExtension(
                        Extension.subjectKeyIdentifier,
                        false,
                        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            } catch (GeneralSecurityException e) {
                throw new IOException("authority can't be made", e);
            }
            // The key first: a certificate that is there has its key.
            PrivateFiles.write(key, KeyMaterial.pem(pair.getPrivate()));
            PrivateFiles.write(certificate, KeyMaterial.pem(sign(builder, pair.getPrivate())));
        }
        return new CertificateAuthority(Pem.certificates(certificate).getFirst(), Pem.privateKey(key), clock);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /**
     * The certificate and key kept as {@code <path>.crt} and {@code <path>.key}; made when they are missing, soon to end, or for another
     * subject or other names than the wanted.
     *
     * @return whether they were made now
     */
    public boolean ensure(Path path, Request request) throws IOException {
        Path certificateFile = path.resolveSibling(path.getFileName() + ".crt");
        Path keyFile = path.resolveSibling(path.getFileName() + ".key");
        if (Files.exists(certificateFile)
                && Files.exists(keyFile)
                && isGood(Pem.certificates(certificateFile).getFirst(), request)) {
            return false;
        }
        KeyPair pair = KeyMaterial.elliptic();
        Files.deleteIfExists(certificateFile);
        PrivateFiles.write(keyFile, KeyMaterial.pem(pair.getPrivate()));
        PrivateFiles.write(certificateFile, KeyMaterial.pem(issue(pair.getPublic(), request)));
        return true;
    }

    private boolean isGood(X509Certificate present, Request request) {
        try {
            present.verify(certificate.getPublicKey());
            var alternative = present.getSubjectAlternativeNames();
            List<String> names = alternative == null
                    ? List.of()
                    : alternative.stream().map(n -> String.valueOf(n.get(1))).toList();
            return names.containsAll(request.names())
                    && X500Name.getInstance(present.getSubjectX500Principal().getEncoded())
                            .equals(subject(request))
                    && present.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private X509Certificate issue(PublicKey subjectKey, Request request) throws IOException {
        X500Name issuer =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        X509v3CertificateBuilder builder =
                builder(issuer, subject(request), subjectKey, clock.instant(), request.lifetime());
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (request.usages().contains(Request.Usage.SERVER)) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        if (request.usages().contains(Request.Usage.CLIENT)) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes.toArray(KeyPurposeId[]::new)));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate));
            if (!request.names().isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(request.names().stream()
                                .map(n -> new GeneralName(
                                        n.matches("[0-9.]+|.*:.*") ? GeneralName.iPAddress : GeneralName.dNSName, n))
                                .toArray(GeneralName[]::new)));
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("certificate can't be made", e);
        }
        return sign(builder, key);
    }

    private static X500Name subject(Request request) {
        X500NameBuilder subject = new X500NameBuilder(BCStyle.INSTANCE);
        request.organizations().forEach(o -> subject.addRDN(BCStyle.O, o));
        return subject.addRDN(BCStyle.CN, request.commonName()).build();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey subjectKey, Instant now, Duration lifetime)
            throws IOException {
        BigInteger serial = new BigInteger(127, new java.security.SecureRandom()).setBit(126);
        return new JcaX509v3CertificateBuilder(
                new X500Principal(issuer.getEncoded()),
                serial,
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(lifetime)),
                new X500Principal(subject.getEncoded()),
                subjectKey);
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key) throws IOException {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw new IOException("certificate can't be signed", e);
        }
    }
}
