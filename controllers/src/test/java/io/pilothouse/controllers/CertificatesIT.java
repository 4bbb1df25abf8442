package io.pilothouse.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a node asks for with its own rights, and the certificate controller answers with its own, against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CertificatesIT {
    private TestCluster cluster;
    private KubernetesClient node;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        cluster = new TestCluster(directory);
        cluster.client()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("worker")
                        .endMetadata()
                        .withNewStatus()
                        .addNewAddress("10.1.2.3", "InternalIP")
                        .addNewAddress("worker", "Hostname")
                        .endStatus()
                        .build())
                .create();
        node = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(cluster.kubeconfig("node").toFile()))
                .build();
    }

    @AfterAll
    void end() {
        node.close();
        cluster.close();
    }

    @Test
    void aServingCertificateForTheNodesOwnAddressesIsIssued() throws Exception {
        String name = ask("10.1.2.3");
        await().atMost(TestCluster.PATIENCE).until(() -> find(name).getStatus().getCertificate() != null);
        var issued = (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        Base64.getDecoder().decode(find(name).getStatus().getCertificate())));
        assertThat(issued.getSubjectX500Principal().getName()).contains("CN=system:node:worker");
        assertThat(issued.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(issued.getSubjectAlternativeNames())
                .anyMatch(entry -> entry.contains("10.1.2.3"))
                .anyMatch(entry -> entry.contains("worker"));
    }

    @Test
    void aServingCertificateForAnotherAddressIsLeftToAPerson() throws Exception {
        String name = ask("10.9.9.9");
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(5))
                .until(() -> find(name).getStatus().getConditions().isEmpty());
    }

    private CertificateSigningRequest find(String name) {
        return cluster.client()
                .certificates()
                .v1()
                .certificateSigningRequests()
                .withName(name)
                .get();
    }

    private String ask(String address) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        var pair = generator.generateKeyPair();
        var extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName[] {
            new GeneralName(GeneralName.dNSName, "worker"), new GeneralName(GeneralName.iPAddress, address)
        }));
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(new JcaPKCS10CertificationRequestBuilder(
                            new X500Name("O=system:nodes,CN=system:node:worker"), pair.getPublic())
                    .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate())
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        }
        return node.resource(new CertificateSigningRequestBuilder()
                        .withNewMetadata()
                        .withGenerateName("csr-")
                        .endMetadata()
                        .withNewSpec()
                        .withSignerName("kubernetes.io/kubelet-serving")
                        .withRequest(Base64.getEncoder()
                                .encodeToString(text.toString().getBytes(StandardCharsets.US_ASCII)))
                        .withUsages("digital signature", "server auth")
                        .endSpec()
                        .build())
                .create()
                .getMetadata()
                .getName();
    }
}
