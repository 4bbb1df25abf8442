package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemTest {
    @TempDir
    Path dir;

    @Test
    void readsEveryKeyFormat() throws Exception {
        assertThat(key("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"))
                .isEqualTo("RSA");
        assertThat(key("genrsa", "-traditional", "2048")).isEqualTo("RSA");
        assertThat(key("ecparam", "-name", "prime256v1", "-genkey")).isEqualTo("EC");
        assertThat(key("ecparam", "-name", "secp384r1", "-genkey", "-noout")).isEqualTo("EC");
        assertThat(key("genpkey", "-algorithm", "ED25519")).isEqualTo("EdDSA");
    }

    @Test
    void refusesWhatIsNoKey() {
        assertThatThrownBy(() -> Pem.privateKey(new byte[] {1, 2}, "f.pem"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("f.pem");
    }

    private String key(String... arguments) throws Exception {
        Path file = Files.createTempFile(dir, "key", ".pem");
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        command.addAll(2, List.of("-out", file.toString()));
        assertThat(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("log").toFile())
                        .start()
                        .waitFor())
                .isZero();
        return Pem.privateKey(file).getAlgorithm();
    }
}
