package io.pilothouse.worker.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a service that forgets its session tokens when it is told to. */
class InstanceMetadataTest {
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final AtomicInteger issued = new AtomicInteger();
    private boolean refusing;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/latest/api/token", exchange -> {
            String token = "token-" + issued.incrementAndGet();
            tokens.add(token);
            answer(exchange, 200, token);
        });
        server.createContext("/latest/meta-data/instance-id", exchange -> {
            String token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
            boolean known = !refusing && token != null && tokens.contains(token);
            answer(exchange, known ? 200 : 401, known ? "i-1" : "");
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private InstanceMetadata metadata() {
        return new InstanceMetadata(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()), Clock.systemUTC());
    }

    @Test
    void oneTokenServesManyReads() throws IOException {
        InstanceMetadata metadata = metadata();
        assertThat(metadata.read("meta-data/instance-id")).isEqualTo("i-1");
        assertThat(metadata.read("meta-data/instance-id")).isEqualTo("i-1");
        assertThat(issued).hasValue(1);
        assertThat(metadata.find("meta-data/nothing")).isEmpty();
    }

    @Test
    void aTokenThatTheServiceNoLongerKnowsIsReplaced() throws IOException {
        InstanceMetadata metadata = metadata();
        metadata.read("meta-data/instance-id");
        tokens.clear();
        assertThat(metadata.read("meta-data/instance-id")).isEqualTo("i-1");
        assertThat(issued).hasValue(2);
    }

    @Test
    void oneThatTakesNoTokenAtAllIsAskedTwiceAndNotForEver() {
        refusing = true;
        assertThatThrownBy(() -> metadata().read("meta-data/instance-id"))
                .isInstanceOf(IOException.class)
                .hasMessage("instance metadata: status 401 for meta-data/instance-id");
        assertThat(issued).hasValue(2);
    }
}
