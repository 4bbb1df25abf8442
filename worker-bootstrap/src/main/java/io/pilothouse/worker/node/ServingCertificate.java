package io.pilothouse.worker.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.http.Pem;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.worker.config.NodeSettings.Identity;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Gets the kubelet server's certificate from the cluster (signer kubernetes.io/kubelet-serving) and keeps it in files, key mode 0600. */
public final class ServingCertificate {
    private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private final ApiClient client;
    private final Identity identity;
    private final Path directory;
    private final Clock clock;

    /** @param directory where the certificate and its key are kept */
    public ServingCertificate(ApiClient client, Identity identity, Path directory, Clock clock) {
        this.client = client;
        this.identity = identity;
        this.directory = directory;
        this.clock = clock;
    }

    /** The certificate from an earlier run or rotation, while at least a fifth of its life is left. */
    public Optional<TlsConfig> present() throws IOException {
        Path certificate = directory.resolve("serving.crt");
        if (!Files.exists(certificate)) {
            return Optional.empty();
        }
        TlsConfig config = TlsConfig.fromPem(certificate, directory.resolve("serving.key"));
        return clock.instant().isBefore(renewal(config.chain().getFirst())) ? Optional.of(config) : Optional.empty();
    }

    /** When a certificate should be replaced: after four fifths of its life. */
    public static Instant renewal(X509Certificate certificate) {
        Instant from = certificate.getNotBefore().toInstant();
        return from.plus(Duration.between(from, certificate.getNotAfter().toInstant())
                .multipliedBy(4)
                .dividedBy(5));
    }

    /**
     * Asks for a new one and waits until it is issued.
     *
     * @throws IOException when it is denied, or not issued within 15 minutes
     */
    public TlsConfig request() throws IOException, InterruptedException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            String name = client.create(REQUESTS, request(csr(pair)))
                    .path("metadata")
                    .path("name")
                    .asText();
            byte[] issued = await(name);
            List<X509Certificate> chain = Pem.certificates(issued, "the issued certificate");
            store(issued, pem(pair.getPrivate()));
            return TlsConfig.of(chain, pair.getPrivate());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the certificate request could not be made", e);
        }
    }

    private ObjectNode request(String csr) {
        ObjectNode request =
                ApiClient.object().put("apiVersion", "certificates.k8s.io/v1").put("kind", "CertificateSigningRequest");
        request.putObject("metadata").put("generateName", "csr-");
        ObjectNode spec = request.putObject("spec")
                .put("signerName", "kubernetes.io/kubelet-serving")
                .put("request", Base64.getEncoder().encodeToString(csr.getBytes(StandardCharsets.US_ASCII)));
        spec.putArray("usages").add("digital signature").add("server auth");
        return request;
    }

    private String csr(KeyPair pair) throws IOException, OperatorCreationException {
        var subject = new X500NameBuilder()
                .addRDN(BCStyle.O, "system:nodes")
                .addRDN(BCStyle.CN, "system:node:" + identity.name())
                .build();
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, identity.name()),
            new GeneralName(GeneralName.iPAddress, identity.address())
        }));
        return pem(new JcaPKCS10CertificationRequestBuilder(subject, pair.getPublic())
                .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
    }

    private static String pem(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        }
        return text.toString();
    }

    private byte[] await(String name) throws IOException, InterruptedException {
        Instant end = clock.instant().plus(PATIENCE);
        while (clock.instant().isBefore(end)) {
            JsonNode status;
            try {
                status = client.read(REQUESTS + "/" + name).path("status");
            } catch (ApiException e) {
                if (e.code() == 404 || e.code() == 403) {
                    throw e;
                }
                status = ApiClient.object();
            }
            for (JsonNode condition : status.path("conditions")) {
                if (!condition.path("type").asText().equals("Approved")) {
                    throw new IOException("certificate request " + name + ": "
                            + condition.path("type").asText() + ": "
                            + condition.path("message").asText());
                }
            }
            if (status.hasNonNull("certificate")) {
                return Base64.getDecoder().decode(status.path("certificate").asText());
            }
            Thread.sleep(POLL);
        }
        throw new IOException("certificate request " + name + " was not answered in " + PATIENCE);
    }

    private void store(byte[] certificate, String key) throws IOException {
        Files.createDirectories(directory);
        Path keyFile = directory.resolve("serving.key");
        Files.deleteIfExists(keyFile);
        Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(keyFile, key);
        Files.write(directory.resolve("serving.crt"), certificate);
    }
}
