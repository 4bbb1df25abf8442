package io.pilothouse.storage;

import static io.pilothouse.storage.EtcdStoreIT.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.testing.EtcdProcess;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class EtcdTlsIT {
    @TempDir
    Path dir;

    @Test
    void speaksMutualTlsAndFailsFastWithoutIt() throws Exception {
        openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.crt",
                "-subj",
                "/CN=ca",
                "-days",
                "1");
        Files.writeString(dir.resolve("ext"), "subjectAltName=IP:127.0.0.1\n");
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "etcd.key", "-out", "etcd.csr", "-subj", "/CN=etcd");
        openssl(
                "x509",
                "-req",
                "-in",
                "etcd.csr",
                "-CA",
                "ca.crt",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-out",
                "etcd.crt",
                "-days",
                "1",
                "-extfile",
                "ext");
        X509Certificate authority = certificate("ca.crt");
        var withIdentity =
                new EtcdConfig.Tls(List.of(authority), List.of(certificate("etcd.crt")), Optional.of(key("etcd.key")));
        var without = new EtcdConfig.Tls(List.of(authority), List.of(), Optional.empty());
        try (EtcdProcess etcd =
                EtcdProcess.startTls(dir.resolve("ca.crt"), dir.resolve("etcd.crt"), dir.resolve("etcd.key"))) {
            EtcdConfig config = EtcdConfig.of(List.of(etcd.endpoint()));
            try (EtcdStore store = EtcdStore.connect(config.withTls(withIdentity))) {
                store.create("/a", bytes("1"), 0);
                assertThat(store.get("/a").orElseThrow().value()).isEqualTo(bytes("1"));
            }
            EtcdConfig quick = config.withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1));
            try (EtcdStore stranger = EtcdStore.connect(quick.withTls(without))) {
                assertThatThrownBy(() -> stranger.get("/a"))
                        .isInstanceOfAny(StorageException.Unavailable.class, StorageException.Timeout.class);
            }
        }
        assertThat(withIdentity.toString()).doesNotContain("PRIVATE");
    }

    private void openssl(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        assertThat(process.waitFor()).as(() -> String.join(" ", command)).isZero();
    }

    private X509Certificate certificate(String file) throws Exception {
        try (InputStream in = Files.newInputStream(dir.resolve(file))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private PrivateKey key(String file) throws Exception {
        String base64 = Files.readString(dir.resolve(file)).replaceAll("-----[A-Z ]+-----", "");
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    }
}
