package io.pilothouse.controlplane.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.controlplane.pki.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BalancerTest {
    @TempDir
    Path directory;

    private Prober prober() throws IOException {
        CertificateAuthority.ensure(directory, "ca", "test", Clock.systemUTC());
        return new Prober(directory.resolve("ca.crt"), 200);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    /** Answers only after the client has said all: the client's end must be passed on while the answer is still to come. */
    private static void answerAtEnd(ServerSocket server) {
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream()
                            .write(("got " + new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                                    .getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The probes of the balancer speak TLS and give up; the end of the test closes the listener.
                }
            }
        });
    }

    @Test
    void passesOverMastersThatRefuseAndKeepsHalfClosedConnectionsOpen() throws Exception {
        int refusing;
        try (ServerSocket gone = listen()) {
            refusing = gone.getLocalPort();
        }
        try (ServerSocket master = listen()) {
            answerAtEnd(master);
            List<InetSocketAddress> masters = List.of(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), refusing),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), master.getLocalPort()));
            try (Balancer balancer = Balancer.start(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    masters,
                    prober(),
                    100,
                    Duration.ofSeconds(30))) {
                for (int i = 0; i < 3; i++) {
                    try (Socket client = new Socket(
                            InetAddress.getLoopbackAddress(), balancer.address().getPort())) {
                        client.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                        client.shutdownOutput();
                        client.setSoTimeout(5000);
                        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                                .isEqualTo("got hello");
                    }
                }
            }
        }
    }

    @Test
    void closesClientsWhenNoMasterTakesThem() throws Exception {
        int refusing;
        try (ServerSocket gone = listen()) {
            refusing = gone.getLocalPort();
        }
        try (Balancer balancer = Balancer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), refusing)),
                        prober(),
                        100,
                        Duration.ofSeconds(30));
                Socket client = new Socket(
                        InetAddress.getLoopbackAddress(), balancer.address().getPort())) {
            client.setSoTimeout(5000);
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }
}
