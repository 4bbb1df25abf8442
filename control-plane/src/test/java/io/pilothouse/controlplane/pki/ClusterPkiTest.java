package io.pilothouse.controlplane.pki;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Pem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPkiTest {
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final ClusterPki.Names NAMES =
            new ClusterPki.Names(List.of("10.40.240.10", "10.40.240.11", "10.40.240.12"), "10.40.240.13", "172.20.0.1");

    @TempDir
    Path directory;

    @Test
    void makesEachCertificateForItsUseAndKeepsItWhileItIsGood() throws Exception {
        ClusterPki pki = new ClusterPki(directory.resolve("pki"));
        assertThat(pki.ensure(NAMES, 3, Clock.systemUTC())).contains("admin", "master-2/serving", "etcd-1/peer");
        X509Certificate authority = Pem.certificates(pki.file("ca.crt")).getFirst();
        X509Certificate serving =
                Pem.certificates(pki.file("master-1/serving.crt")).getFirst();
        serving.verify(authority.getPublicKey());
        assertThat(serving.getExtendedKeyUsage()).containsExactly(SERVER);
        assertThat(serving.getBasicConstraints()).isEqualTo(-1);
        assertThat(serving.getSubjectAlternativeNames().stream().map(n -> String.valueOf(n.get(1))))
                .contains(
                        "10.40.240.11",
                        "10.40.240.13",
                        "172.20.0.1",
                        "127.0.0.1",
                        "localhost",
                        "kubernetes.default.svc.cluster.local")
                .doesNotContain("10.40.240.10");
        X509Certificate kubelet =
                Pem.certificates(pki.file("master-0/kubelet-client.crt")).getFirst();
        assertThat(kubelet.getSubjectX500Principal().getName()).isEqualTo("CN=kube-apiserver-kubelet-client");
        assertThat(kubelet.getExtendedKeyUsage()).containsExactly(CLIENT);
        assertThat(Pem.certificates(pki.file("etcd-0/peer.crt")).getFirst().getExtendedKeyUsage())
                .containsExactlyInAnyOrder(SERVER, CLIENT);
        assertThat(authority.getBasicConstraints()).isNotNegative();
        assertThat(Duration.between(
                                authority.getNotBefore().toInstant(),
                                authority.getNotAfter().toInstant())
                        .toDays())
                .isGreaterThan(3640);
        assertThat(Pem.privateKey(pki.file("sa.key")).getAlgorithm()).isEqualTo("RSA");

        assertThat(pki.ensure(NAMES, 3, Clock.systemUTC())).isEmpty();
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(300));
        assertThat(pki.ensure(NAMES, 3, later)).contains("admin", "etcd-0/server");
    }

    @Test
    void controllersAndSchedulerAreNoMasters() throws Exception {
        ClusterPki pki = new ClusterPki(directory.resolve("pki"));
        pki.ensure(NAMES, 3, Clock.systemUTC());
        assertThat(subject(pki, "controller-manager")).isEqualTo("CN=system:kube-controller-manager");
        assertThat(subject(pki, "scheduler")).isEqualTo("CN=system:kube-scheduler");
    }

    @Test
    void aCertificateForAnotherSubjectIsMadeAnew() throws Exception {
        CertificateAuthority authority = CertificateAuthority.ensure(directory, "ca", "kubernetes", Clock.systemUTC());
        authority.ensure(directory.resolve("scheduler"), Request.client("system:kube-scheduler", "system:masters"));
        assertThat(authority.ensure(directory.resolve("scheduler"), Request.client("system:kube-scheduler")))
                .isTrue();
        assertThat(authority.ensure(directory.resolve("scheduler"), Request.client("system:kube-scheduler")))
                .isFalse();
    }

    private static String subject(ClusterPki pki, String identity) throws Exception {
        return Pem.certificates(pki.file(identity + ".crt"))
                .getFirst()
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void onlyTheOwnerReads() throws Exception {
        Path root = directory.resolve("pki");
        new ClusterPki(root).ensure(NAMES, 3, Clock.systemUTC());
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertThat(mode).as("%s", path).isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
            }
        }
    }
}
