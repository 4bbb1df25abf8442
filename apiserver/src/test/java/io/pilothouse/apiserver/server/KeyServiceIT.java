package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.StandInGrpcServer;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encryption at rest with the keys of a service on a Unix socket (KMS v2), which a stand-in serves over real gRPC. */
class KeyServiceIT {
    private static final String SECRETS = "/api/v1/namespaces/default/secrets";
    private static final String SERVICE = "/v2.KeyManagementService/";
    private static final int PLAIN = 1;
    private static final byte MASK = 0x5a;

    @TempDir
    Path directory;

    /** Turns bits around, and says so; protobuf by hand (kms/apis/v2/api.proto). */
    private static final class Masks {
        private final Queue<String> calls = new ConcurrentLinkedQueue<>();

        byte[] answer(String method, byte[] message) {
            calls.add(method);
            return switch (method) {
                case SERVICE + "Status" -> fields(text("v2"), text("ok"), text("key-1"));
                case SERVICE + "Encrypt" -> fields(masked(field(message, PLAIN)), text("key-1"), annotation());
                case SERVICE + "Decrypt" -> fields(masked(field(message, PLAIN)));
                default -> throw new IllegalArgumentException("no such method: " + method);
            };
        }

        private static byte[] annotation() {
            return fields(text("local.kms.example.com/by"), text("stand-in"));
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        private static byte[] masked(byte[] bytes) {
            byte[] out = bytes.clone();
            for (int i = 0; i < out.length; i++) {
                out[i] ^= MASK;
            }
            return out;
        }

        /** Fields 1, 2 and so on; all are shorter than 128 bytes. */
        private static byte[] fields(byte[]... values) {
            var out = new ByteArrayOutputStream();
            for (int i = 0; i < values.length; i++) {
                out.write((i + 1) << 3 | 2);
                out.write(values[i].length);
                out.writeBytes(values[i]);
            }
            return out.toByteArray();
        }

        private static byte[] field(byte[] message, int number) {
            var in = ByteBuffer.wrap(message);
            while (in.hasRemaining()) {
                int tag = in.get() >> 3;
                byte[] value = new byte[in.get()];
                in.get(value);
                if (tag == number) {
                    return value;
                }
            }
            throw new IllegalArgumentException("no field " + number);
        }
    }

    private String configuration(Path socket) throws Exception {
        return Files.writeString(directory.resolve("encryption.yaml"), """
                apiVersion: apiserver.config.k8s.io/v1
                kind: EncryptionConfiguration
                resources:
                - resources: [secrets]
                  providers:
                  - kms: {apiVersion: v2, name: masks, endpoint: "unix://%s", timeout: 3s}
                  - identity: {}
                """.formatted(socket))
                .toString();
    }

    @Test
    void keepsSecretsUnderTheServicesKey() throws Exception {
        var socket = directory.resolve("kms.sock");
        var masks = new Masks();
        String flag = "--encryption-provider-config=" + configuration(socket);
        try (var _ = StandInGrpcServer.start(socket, masks::answer);
                var fixture = new ApiServerFixture(directory, flag)) {
            assertThat(masks.calls).contains(SERVICE + "Status", SERVICE + "Encrypt");
            var made = fixture.send(
                    "POST", SECRETS, "{\"metadata\":{\"name\":\"hidden\"},\"stringData\":{\"word\":\"open-sesame\"}}");
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            lies(fixture);
            assertThat(fixture.send("GET", "/readyz/kms-providers", "").body()).isEqualTo("ok");
            assertThat(fixture.send("GET", "/healthz/kms-providers", "").body()).isEqualTo("ok");
            // A service that is down for a while is no reason to restart the server.
            assertThat(fixture.send("GET", "/livez/kms-providers", "").statusCode())
                    .isEqualTo(404);
            anotherServerAsks(fixture, flag, masks);
        }
    }

    private static void lies(ApiServerFixture fixture) {
        try (var etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())))) {
            String stored = new String(
                    etcd.get("/registry/secrets/default/hidden").orElseThrow().value(), StandardCharsets.ISO_8859_1);
            assertThat(stored)
                    .startsWith("k8s:enc:kms:v2:masks:")
                    .contains("key-1")
                    .contains("local.kms.example.com/by")
                    .doesNotContain("open-sesame");
        }
    }

    private static void anotherServerAsks(ApiServerFixture fixture, String flag, Masks masks) throws Exception {
        masks.calls.clear();
        try (var other = fixture.another(flag)) {
            String url = "https://127.0.0.1:" + other.address().getPort();
            var read = fixture.sendTo(url, "GET", SECRETS + "/hidden", "");
            assertThat(read.statusCode()).as(read.body()).isEqualTo(200);
            assertThat(read.body()).contains("\"word\":\"b3Blbi1zZXNhbWU=\"");
            assertThat(masks.calls).contains(SERVICE + "Decrypt");
        }
    }
}
