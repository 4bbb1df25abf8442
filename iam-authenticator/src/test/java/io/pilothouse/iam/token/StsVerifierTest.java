package io.pilothouse.iam.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.pilothouse.iam.AuthenticationFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class StsVerifierTest {
    private static final String ANSWER = """
            {"GetCallerIdentityResponse": {"GetCallerIdentityResult": {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/ada", "UserId": "AIDA1"}}}""";

    @Test
    void waitsForAnStsThatIsStartingAgain() throws Exception {
        InetSocketAddress address = freeAddress();
        PresignedToken token = token(address);
        CompletableFuture<VerifiedPrincipal> verified = new CompletableFuture<>();
        Thread verifying = Thread.ofPlatform().start(() -> {
            try {
                verified.complete(new StsVerifier("demo", null, Duration.ofSeconds(20)).verify(token));
            } catch (AuthenticationFailure e) {
                verified.completeExceptionally(new CompletionException(e));
            }
        });
        // It pauses after it was refused, or has given up.
        while (verifying.getState() != Thread.State.TIMED_WAITING && verifying.isAlive()) {
            Thread.onSpinWait();
        }
        HttpServer sts = HttpServer.create(address, 0);
        sts.createContext("/", exchange -> {
            byte[] body = ANSWER.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        sts.start();
        try {
            assertThat(verified.get(20, TimeUnit.SECONDS).arn()).isEqualTo("arn:aws:iam::111122223333:user/ada");
        } finally {
            sts.stop(0);
        }
    }

    @Test
    void givesUpInTheEnd() throws IOException {
        PresignedToken token = token(freeAddress());
        assertThatThrownBy(() -> new StsVerifier("demo", null, Duration.ofMillis(1)).verify(token))
                .isInstanceOf(AuthenticationFailure.class)
                .hasMessageContaining("STS cannot be reached");
    }

    private static PresignedToken token(InetSocketAddress address) {
        return new PresignedToken(
                URI.create("http://127.0.0.1:" + address.getPort() + "/?Action=GetCallerIdentity"),
                "AKIA1",
                Long.MAX_VALUE);
    }

    private static InetSocketAddress freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
    }
}
