package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.ClientTls;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and authorities are read again when their files change, while the server goes on. */
class ChangedFilesIT {
    private static final String AUTHENTICATION =
            "/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication";

    @TempDir
    Path directory;

    /** An authority with a client of its own. */
    private record Authority(X509Certificate certificate, X509Certificate client, PrivateKey clientKey) {
        static Authority make(String name) throws Exception {
            var own = keys();
            var subject = new X500Name("CN=" + name);
            var authority = sign(subject, own, subject, own, true);
            var client = keys();
            return new Authority(
                    authority,
                    sign(new X500Name("CN=ada,O=system:masters"), client, subject, own, false),
                    client.getPrivate());
        }

        private static KeyPair keys() throws Exception {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        }

        private static X509Certificate sign(
                X500Name subject, KeyPair keys, X500Name issuer, KeyPair issuerKeys, boolean authority)
                throws Exception {
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(100, new SecureRandom()),
                    Date.from(now.minusSeconds(60)),
                    Date.from(now.plusSeconds(3600)),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!authority) {
                builder.addExtension(
                        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
            }
            var signed = builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKeys.getPrivate()));
            return new JcaX509CertificateConverter().getCertificate(signed);
        }
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(bytes) + "\n-----END " + what
                + "-----\n";
    }

    /** As programs that renew certificates do: the whole file at once. */
    private Path write(String name, String content) throws Exception {
        var fresh = Files.writeString(directory.resolve(name + ".new"), content);
        return Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.call()) {
            assertThat(Instant.now()).isBefore(deadline);
            Thread.sleep(200);
        }
    }

    private static BigInteger shown(ApiServerFixture fixture) throws Exception {
        var uri = URI.create(fixture.url());
        var context = ClientTls.trusting(List.of()).unverified().context();
        try (var socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        }
    }

    /** Over a connection of its own. */
    private static int statusFor(ApiServerFixture fixture, Authority authority) throws Exception {
        var tls = ClientTls.trusting(List.of())
                .unverified()
                .withIdentity(List.of(authority.client()), authority.clientKey());
        try (var client = HttpClient.newBuilder().sslContext(tls.context()).build()) {
            var request = HttpRequest.newBuilder(URI.create(fixture.url() + "/api/v1/namespaces/kube-system/secrets"))
                    .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void takesOverWhatChanges() throws Exception {
        var before = Authority.make("before");
        var after = Authority.make("after");
        var certificate = write("tls.crt", pem("CERTIFICATE", before.client().getEncoded()));
        var key = write("tls.key", pem("PRIVATE KEY", before.clientKey().getEncoded()));
        var clients =
                write("clients.crt", pem("CERTIFICATE", before.certificate().getEncoded()));
        try (var fixture = new ApiServerFixture(
                directory,
                "--tls-cert-file=" + certificate,
                "--tls-private-key-file=" + key,
                "--client-ca-file=" + clients)) {
            servingCertificate(fixture, before, after);
            clientAuthority(fixture, before, after);
        }
    }

    private void servingCertificate(ApiServerFixture fixture, Authority before, Authority after) throws Exception {
        assertThat(shown(fixture)).isEqualTo(before.client().getSerialNumber());
        write("tls.crt", pem("CERTIFICATE", after.client().getEncoded()));
        Thread.sleep(5000);
        // Its key is still to come.
        assertThat(shown(fixture)).isEqualTo(before.client().getSerialNumber());
        write("tls.key", pem("PRIVATE KEY", after.clientKey().getEncoded()));
        until(() -> shown(fixture).equals(after.client().getSerialNumber()));
        assertThat(fixture.send("GET", "/version", "").statusCode()).isEqualTo(200);
    }

    private void clientAuthority(ApiServerFixture fixture, Authority before, Authority after) throws Exception {
        assertThat(statusFor(fixture, before)).isEqualTo(200);
        assertThat(statusFor(fixture, after)).isEqualTo(401);
        String fresh = pem("CERTIFICATE", after.certificate().getEncoded());
        write("clients.crt", "this is no certificate");
        Thread.sleep(4000);
        assertThat(statusFor(fixture, before)).isEqualTo(200);
        write("clients.crt", fresh);
        until(() -> statusFor(fixture, after) == 200);
        assertThat(statusFor(fixture, before)).isEqualTo(401);
        String told = fresh.lines().toList().get(1).strip();
        until(() -> fixture.send("GET", AUTHENTICATION, "").body().contains(told));
    }
}
