package io.pilothouse.apiserver.server;

import io.pilothouse.http.TlsConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1UTCTime;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The server's own identity: of files, or, where none are given, a self-signed one, which {@code --cert-dir} keeps as
 * {@code apiserver.crt} and {@code apiserver.key}, under upstream's names.
 */
final class ServingCertificate {
    private static final Duration LIFETIME = Duration.ofDays(365);
    private static final int SERIAL_BITS = 120;

    private ServingCertificate() {}

    /**
     * Reads it again.
     *
     * @param made the one of this start, which stays where it is of no file
     */
    static TlsConfig reread(ApiServerOptions options, TlsConfig made) throws IOException {
        var certificate = options.tlsCertFile;
        var key = options.tlsPrivateKeyFile;
        if (certificate != null && key != null) {
            return TlsConfig.fromPem(certificate, key);
        }
        return options.certDir == null
                ? made
                : TlsConfig.fromPem(options.certDir.resolve("apiserver.crt"), options.certDir.resolve("apiserver.key"));
    }

    /** What it was read from, and what the identities for some names were; nothing where it was made for this start alone. */
    static List<Path> files(ApiServerOptions options) {
        var files = new ArrayList<>(options.serving.namedFiles());
        if (options.tlsCertFile != null && options.tlsPrivateKeyFile != null) {
            files.addAll(List.of(options.tlsCertFile, options.tlsPrivateKeyFile));
        } else if (options.certDir != null) {
            files.addAll(List.of(options.certDir.resolve("apiserver.crt"), options.certDir.resolve("apiserver.key")));
        }
        return files;
    }

    /** Fails once the certificate that the server made for itself has ended; one of files is somebody else's to renew. */
    static HealthChecks.Check stillGood(ApiServerOptions options, TlsConfig certificate, Clock clock) {
        if (options.tlsCertFile != null) {
            return () -> {};
        }
        var end = certificate.chain().getFirst().getNotAfter().toInstant();
        return () -> {
            if (clock.instant().isAfter(end)) {
                throw new IllegalStateException("the certificate that this server made for itself has ended");
            }
        };
    }

    static TlsConfig load(ApiServerOptions options, Clock clock) throws IOException {
        var certificate = options.tlsCertFile;
        var key = options.tlsPrivateKeyFile;
        if (certificate != null && key != null) {
            return TlsConfig.fromPem(certificate, key);
        }
        return options.certDir == null
                ? selfSigned(options.bindAddress, clock)
                : kept(options.certDir, options.bindAddress, clock);
    }

    private static TlsConfig kept(Path directory, String address, Clock clock) throws IOException {
        var certificate = directory.resolve("apiserver.crt");
        var key = directory.resolve("apiserver.key");
        if (Files.exists(certificate) && Files.exists(key)) {
            return TlsConfig.fromPem(certificate, key);
        }
        var made = selfSigned(address, clock);
        Files.createDirectories(directory);
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(key, pem(new JcaPKCS8Generator(made.key(), null)));
        Files.writeString(certificate, pem(made.chain().getFirst()));
        return made;
    }

    private static String pem(Object what) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        }
        return text.toString();
    }

    /**
     * As UTCTime, which RFC 5280 has until 2049 (section 4.1.2.5). Encoded by ourselves (tag 23, 13 bytes): from a Date or a text it is made by way of
     * the calendars of all locales, a twentieth of a second in a start.
     */
    private static Time time(Instant when) {
        String iso = when.truncatedTo(ChronoUnit.SECONDS).toString();
        String text = iso.substring(2).replace("-", "").replace("T", "").replace(":", "");
        return new Time(ASN1UTCTime.getInstance(("\u0017\r" + text).getBytes(StandardCharsets.US_ASCII)));
    }

    private static TlsConfig selfSigned(String address, Clock clock) throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            var pair = generator.generateKeyPair();
            var name = new X500Name("CN=" + address);
            var start = clock.instant().minusSeconds(300);
            var builder = new X509v3CertificateBuilder(
                    name,
                    new BigInteger(SERIAL_BITS, new SecureRandom()),
                    time(start),
                    time(start.plus(LIFETIME)),
                    name,
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.dNSName, "kubernetes.default.svc"),
                new GeneralName(
                        GeneralName.iPAddress, InetAddress.getByName(address).getHostAddress())
            }));
            var signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            return TlsConfig.of(List.of(new JcaX509CertificateConverter().getCertificate(signed)), pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a self-signed certificate", e);
        }
    }
}
