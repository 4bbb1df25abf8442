package io.pilothouse.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.http.grpc.GrpcClient;
import io.pilothouse.http.grpc.GrpcException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls over a real Unix socket. */
class GrpcClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private static byte[] answer(String method, byte[] message) {
        if (method.equals("/test.Echo/Fail")) {
            throw new IllegalStateException("no luck");
        }
        return (method + " " + new String(message, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private static String call(GrpcClient client, String method, String text) throws IOException {
        return new String(client.call(method, text.getBytes(StandardCharsets.UTF_8), PATIENCE), StandardCharsets.UTF_8);
    }

    @Test
    void callsAndFindsTheServerAgainAfterABreak() throws Exception {
        var socket = directory.resolve("s.sock");
        try (var client = GrpcClient.onSocket(socket)) {
            assertThatThrownBy(() -> call(client, "/test.Echo/Say", "a")).isInstanceOf(IOException.class);
            try (var _ = StandInGrpcServer.start(socket, GrpcClientTest::answer)) {
                assertThat(call(client, "/test.Echo/Say", "a")).isEqualTo("/test.Echo/Say a");
                String large = "x".repeat(1 << 20);
                assertThat(call(client, "/test.Echo/Say", large)).hasSize(large.length() + 15);
                assertThatThrownBy(() -> call(client, "/test.Echo/Fail", "a"))
                        .isInstanceOf(GrpcException.class)
                        .hasMessageContaining("no luck");
            }
            Files.deleteIfExists(socket);
            try (var _ = StandInGrpcServer.start(socket, GrpcClientTest::answer)) {
                assertThat(call(client, "/test.Echo/Say", "b")).isEqualTo("/test.Echo/Say b");
            }
        }
    }
}
