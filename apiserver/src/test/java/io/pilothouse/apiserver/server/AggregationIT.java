package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.http.TlsConfig;
import io.pilothouse.http.UpgradeClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server behind the API server, over TLS: found, asked in the user's name, streamed from, and missed when it is gone. */
class AggregationIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String SERVICES = "/apis/apiregistration.k8s.io/v1/apiservices";
    private static final String ROOT = "/apis/gadgets.example.org/v1";

    @TempDir
    Path directory;

    private static void serve(Exchange exchange) throws IOException {
        String path = exchange.rawPath();
        if (exchange.wantsUpgrade("echo")) {
            try (var raw = exchange.switchProtocols(101, Headers.of("Connection", "Upgrade", "Upgrade", "echo"))) {
                raw.input().transferTo(raw.output());
            }
        } else if (path.equals(ROOT)) {
            json(
                    exchange,
                    "{'kind':'APIResourceList','apiVersion':'v1','groupVersion':'gadgets.example.org/v1','resources':[{'name':'gadgets',"
                            + "'singularName':'gadget','namespaced':true,'kind':'Gadget','verbs':['get','list']}]}");
        } else if (path.equals("/openapi/v3")) {
            json(
                    exchange,
                    "{'paths':{'apis/gadgets.example.org/v1':{'serverRelativeURL':'/openapi/v3/apis/gadgets.example.org/v1?hash=AB'}}}");
        } else if (path.equals("/openapi/v3" + ROOT)) {
            json(exchange, "{'openapi':'3.0.0','info':{'title':'gadgets'}}");
        } else if (exchange.rawQuery().equals("watch=true")) {
            try (var stream = exchange.startStream(200, Headers.of("content-type", "application/json"))) {
                stream.write("{\"type\":\"ADDED\"}\n".getBytes(StandardCharsets.UTF_8));
                stream.write("{\"type\":\"DELETED\"}\n".getBytes(StandardCharsets.UTF_8));
            }
        } else if (exchange.method().equals("POST")) {
            exchange.respond(201, Headers.of("content-type", "application/json"), exchange.body(1 << 16));
        } else {
            var seen = JSON.createObjectNode();
            exchange.headers().forEach((name, value) -> seen.put(name.toLowerCase(java.util.Locale.ROOT), value));
            seen.put("certificates", exchange.peerCertificates().size());
            exchange.respond(200, Headers.of("content-type", "application/json"), JSON.writeValueAsBytes(seen));
        }
    }

    private static void json(Exchange exchange, String text) throws IOException {
        exchange.respond(
                200,
                Headers.of("content-type", "application/json"),
                text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    /** Makes a certificate for {@code kubernetes.default.svc}: the service of that name stands in for the other server's. */
    private TlsConfig certificate(String name) throws Exception {
        var options = new ApiServerOptions();
        options.bindAddress = "127.0.0.1";
        options.certDir = directory.resolve(name);
        return ServingCertificate.load(options, Clock.systemUTC());
    }

    private JsonNode until(ApiServerFixture fixture, String path, Predicate<JsonNode> condition) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(15));
        while (true) {
            var answer = fixture.send("GET", path, "");
            if (answer.statusCode() == 200) {
                var body = JSON.readTree(answer.body());
                if (condition.test(body)) {
                    return body;
                }
            }
            assertThat(Instant.now()).as(path + ": " + answer.body()).isBefore(deadline);
            Thread.sleep(50);
        }
    }

    private static JsonNode available(JsonNode service) {
        return service.path("status").path("conditions").path(0);
    }

    @Test
    void passesRequestsOn() throws Exception {
        certificate("proxy");
        var tls = certificate("extension").withClientAuth(TlsConfig.ClientAuth.OPTIONAL, List.of());
        String bundle =
                Base64.getEncoder().encodeToString(Files.readAllBytes(directory.resolve("extension/apiserver.crt")));
        var extension = HttpServer.start(
                HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withTls(tls),
                AggregationIT::serve);
        try (var fixture = new ApiServerFixture(
                directory,
                "--enable-aggregator-routing",
                "--proxy-client-cert-file",
                directory.resolve("proxy/apiserver.crt").toString(),
                "--proxy-client-key-file",
                directory.resolve("proxy/apiserver.key").toString())) {
            register(fixture, bundle, extension.address().getPort());
            until(
                    fixture,
                    SERVICES + "/v1.gadgets.example.org",
                    s -> available(s).path("reason").asText().equals("Passed"));
            asks(fixture);
            isTold(fixture);
            upgrades(fixture);
            extension.close();
            var failed = fixture.send("GET", ROOT + "/gadgets", "");
            assertThat(failed.statusCode()).isEqualTo(503);
            fixture.send(
                    "PATCH",
                    SERVICES + "/v1.gadgets.example.org",
                    "{\"metadata\":{\"labels\":{\"look\":\"again\"}}}",
                    "Content-Type",
                    "application/merge-patch+json");
            until(
                    fixture,
                    SERVICES + "/v1.gadgets.example.org",
                    s -> available(s).path("reason").asText().equals("FailedDiscoveryCheck"));
            Thread.sleep(200);
            assertThat(fixture.send("GET", ROOT + "/gadgets", "").body()).isEqualTo("service unavailable\n");
        } finally {
            extension.close();
        }
    }

    private static void register(ApiServerFixture fixture, String bundle, int port) throws Exception {
        // Endpoints may not be loopback addresses; the name of another host may mean one.
        var moved = fixture.send(
                "PATCH",
                "/api/v1/namespaces/default/services/kubernetes",
                "{\"spec\":{\"type\":\"ExternalName\",\"externalName\":\"localhost\",\"clusterIP\":null,\"clusterIPs\":null,\"ports\":null}}",
                "Content-Type",
                "application/merge-patch+json");
        assertThat(moved.statusCode()).as(moved.body()).isEqualTo(200);
        String service =
                ("{'metadata':{'name':'v1.gadgets.example.org'},'spec':{'group':'gadgets.example.org','version':'v1','groupPriorityMinimum':19999,"
                                + "'versionPriority':15,'caBundle':'" + bundle
                                + "','service':{'name':'kubernetes','namespace':'default','port':" + port + "}}}")
                        .replace('\'', '"');
        var made = fixture.send("POST", SERVICES, service);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    private static void asks(ApiServerFixture fixture) throws Exception {
        var seen = JSON.readTree(fixture.send(
                        "GET", ROOT + "/gadgets", "", "X-Remote-User", "mallory", "X-Remote-Group", "system:masters2")
                .body());
        assertThat(seen.path("x-remote-user").asText()).isEqualTo("admin");
        assertThat(seen.path("x-remote-uid").asText()).isEqualTo("admin-uid");
        assertThat(seen.path("x-remote-group").asText()).isEqualTo("system:authenticated");
        assertThat(seen.has("authorization")).isFalse();
        assertThat(seen.path("certificates").asInt()).isEqualTo(1);
        var posted = fixture.send("POST", ROOT + "/gadgets", "{\"a\":1}");
        assertThat(posted.statusCode()).isEqualTo(201);
        assertThat(posted.body()).isEqualTo("{\"a\":1}");
        assertThat(fixture.send("GET", ROOT + "/gadgets?watch=true", "").body())
                .isEqualTo("{\"type\":\"ADDED\"}\n{\"type\":\"DELETED\"}\n");
    }

    private void isTold(ApiServerFixture fixture) throws Exception {
        var groups = JSON.readTree(fixture.send("GET", "/apis", "").body()).path("groups");
        assertThat(groups.get(1).path("name").asText()).isEqualTo("gadgets.example.org");
        String aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
        var item = JSON.readTree(
                        fixture.send("GET", "/apis", "", "Accept", aggregated).body())
                .path("items")
                .get(1)
                .path("versions")
                .get(0);
        assertThat(item.path("freshness").asText()).isEqualTo("Current");
        assertThat(item.path("resources")
                        .get(0)
                        .path("responseKind")
                        .path("kind")
                        .asText())
                .isEqualTo("Gadget");
        var index = JSON.readTree(fixture.send("GET", "/openapi/v3", "").body()).path("paths");
        assertThat(index.path("apis/gadgets.example.org/v1")
                        .path("serverRelativeURL")
                        .asText())
                .endsWith("?hash=AB");
        assertThat(fixture.send("GET", "/openapi/v3" + ROOT + "?hash=AB", "").body())
                .contains("\"title\":\"gadgets\"");
    }

    private static void upgrades(ApiServerFixture fixture) throws Exception {
        var address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(fixture.url()).getPort());
        var client = new UpgradeClient(Optional.of(ClientTls.trusting(List.of()).unverified()), Duration.ofSeconds(10));
        var headers = Headers.of("Upgrade", "echo", "Authorization", "Bearer " + ApiServerFixture.TOKEN);
        try (var connection = client.upgrade(address, "localhost", "GET", ROOT + "/gadgets/a/echo", headers)
                .connection()) {
            connection.output().write("hello".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(connection.input().readNBytes(5), StandardCharsets.UTF_8))
                    .isEqualTo("hello");
        }
    }
}
