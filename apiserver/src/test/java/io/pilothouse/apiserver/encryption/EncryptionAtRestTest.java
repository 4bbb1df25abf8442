package io.pilothouse.apiserver.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.storage.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptionAtRestTest {
    private static final String SECRET = "/registry/secrets/a/b";
    private static final String ONE = key("1");
    private static final String TWO = key("2");

    @TempDir
    Path folder;

    @Test
    void theFirstProviderWritesAllReadAndOnlyTheFirstKeyIsNotStale() throws IOException {
        var before = open("""
                - resources: [secrets]
                  providers:
                  - aescbc: {keys: [{name: one, secret: %s}]}
                """.formatted(ONE));
        byte[] stored = before.toStorage(SECRET, bytes("x"));
        assertThat(text(stored)).startsWith("k8s:enc:aescbc:v1:one:");
        assertThat(before.isStale(SECRET, stored)).isFalse();

        var after = open("""
                - resources: [secrets]
                  providers:
                  - aescbc: {keys: [{name: two, secret: %s}, {name: one, secret: %s}]}
                  - identity: {}
                """.formatted(TWO, ONE));
        assertThat(after.fromStorage(SECRET, stored)).isEqualTo(bytes("x"));
        assertThat(after.isStale(SECRET, stored)).isTrue();
        assertThat(after.fromStorage(SECRET, bytes("plain"))).isEqualTo(bytes("plain"));
        assertThat(after.isStale(SECRET, bytes("plain"))).isTrue();
        assertThat(text(after.toStorage(SECRET, bytes("x")))).startsWith("k8s:enc:aescbc:v1:two:");
    }

    @Test
    void wildcardsCoverGroupsAndAllAndTheRestIsPlain() throws IOException {
        var encryption = open("""
                - resources: [configmaps.]
                  providers: [{identity: {}}]
                - resources: ['*.apps']
                  providers:
                  - secretbox: {keys: [{name: box, secret: %s}]}
                """.formatted(ONE));

        assertThat(text(encryption.toStorage("/registry/deployments/a/b", bytes("x"))))
                .startsWith("k8s:enc:secretbox:v1:box:");
        assertThat(encryption.toStorage(SECRET, bytes("x"))).isEqualTo(bytes("x"));
        assertThatThrownBy(() -> encryption.fromStorage(SECRET, bytes("k8s:enc:aesgcm:v1:one:zzz")))
                .isInstanceOf(StorageException.Failed.class)
                .hasMessageContaining("identity transformer tried to read encrypted data");
    }

    @Test
    void aChangedFileIsTakenOverAndABrokenOneIsNot() throws IOException {
        var encryption = open("""
                - resources: [secrets]
                  providers: [{identity: {}}]
                """);
        write("""
                - resources: [secrets]
                  providers:
                  - aesgcm: {keys: [{name: one, secret: %s}]}
                """.formatted(ONE));
        encryption.reload();
        assertThat(text(encryption.toStorage(SECRET, bytes("x")))).startsWith("k8s:enc:aesgcm:v1:one:");

        write(" []");
        assertThatThrownBy(encryption::reload)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resources: Required value: at least one resources is required");
        assertThat(text(encryption.toStorage(SECRET, bytes("x")))).startsWith("k8s:enc:aesgcm:v1:one:");
    }

    @Test
    void everythingWrongIsTold() {
        assertThatThrownBy(() -> open("""
                - resources: [secrets, '*.', Pods]
                  providers:
                  - aesgcm: {keys: [{name: '', secret: c2hvcnQ=}]}
                  - kms: {name: 'a:b', endpoint: 'http://x', apiVersion: v3}
                  - {}
                """))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("using overlapping resources")
                .hasMessageContaining("resource name should not contain capital letters")
                .hasMessageContaining("name is a mandatory field for a key")
                .hasMessageContaining("secret is not of the expected length, got 5, expected one of [16 24 32]")
                .hasMessageContaining("must not contain ':'")
                .hasMessageContaining("unsupported scheme \"http\"")
                .hasMessageContaining("provider does not contain any of the expected providers");
    }

    private EncryptionAtRest open(String resources) throws IOException {
        return EncryptionAtRest.start(
                write(resources),
                false,
                key -> key.startsWith("/registry/deployments/")
                        ? new EncryptionAtRest.Owner("apps", "deployments")
                        : new EncryptionAtRest.Owner("", "secrets"),
                text -> Duration.ofSeconds(3),
                Clock.systemUTC());
    }

    private Path write(String resources) throws IOException {
        return Files.writeString(folder.resolve("encryption.yaml"), """
                kind: EncryptionConfiguration
                apiVersion: apiserver.config.k8s.io/v1
                resources:
                """ + resources);
    }

    private static String key(String letter) {
        return Base64.getEncoder().encodeToString(letter.repeat(32).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
