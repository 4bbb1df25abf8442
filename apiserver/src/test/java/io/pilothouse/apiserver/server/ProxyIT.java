package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Proxies to pods, services and nodes, to a real backend. They refuse loopback, as they must: the backend listens on another address of this
 * machine, and where there is none the test is skipped.
 */
class ProxyIT {
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final int BODY_LIMIT = 1 << 20;

    @TempDir
    Path directory;

    private static Optional<InetAddress> ownAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(a -> a instanceof Inet4Address && !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                .findFirst();
    }

    private static void echo(Exchange exchange) throws IOException {
        String body = new String(exchange.body(BODY_LIMIT), StandardCharsets.UTF_8);
        if (exchange.rawPath().equals("/page")) {
            exchange.respond(
                    200,
                    Headers.of("content-type", "text/html"),
                    "<a href=\"/next\">next</a>".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (exchange.rawPath().equals("/moved")) {
            exchange.respond(302, Headers.of("location", "/there"));
            return;
        }
        String text = exchange.method() + " " + exchange.rawPath() + "?" + exchange.rawQuery() + " " + body + " "
                + exchange.headers().first("authorization").orElse("no credential");
        exchange.respond(202, Headers.of("x-backend", "yes"), text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void passesOnWhatIsAsked() throws Exception {
        var address = ownAddress();
        Assumptions.assumeTrue(address.isPresent(), "no address but loopback");
        try (var backend =
                        HttpServer.start(HttpServerConfig.of(new InetSocketAddress(address.get(), 0)), ProxyIT::echo);
                var fixture = new ApiServerFixture(directory)) {
            String ip = address.get().getHostAddress();
            int port = backend.address().getPort();
            fixture.send("POST", "/api/v1/namespaces/default/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
            pod(fixture, ip, port);
            service(fixture, ip, port);
            node(fixture, ip, port);
            loopbackIsRefused(fixture, port);
        }
    }

    private static void status(ApiServerFixture fixture, String path, String status) throws Exception {
        var set = fixture.send("PATCH", path + "/status", status, "Content-Type", "application/merge-patch+json");
        assertThat(set.statusCode()).as(set.body()).isEqualTo(200);
    }

    private static void makePod(ApiServerFixture fixture, String name, String ip) throws Exception {
        var made = fixture.send("POST", PODS, """
                {"metadata":{"name":"%s"},"spec":{"nodeName":"n","containers":[{"name":"c","image":"i"}]}}""".formatted(name));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        status(
                fixture,
                PODS + "/" + name,
                "{\"status\":{\"phase\":\"Running\",\"podIP\":\"" + ip + "\",\"podIPs\":[{\"ip\":\"" + ip + "\"}]}}");
    }

    private static void pod(ApiServerFixture fixture, String ip, int port) throws Exception {
        makePod(fixture, "web", ip);
        String proxy = PODS + "/web:" + port + "/proxy";
        var answer = fixture.send("POST", proxy + "/a/b?c=d", "hello");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.headers().firstValue("x-backend")).contains("yes");
        // A client's credential for this server is none of the backend's.
        assertThat(answer.body()).isEqualTo("POST /a/b?c=d hello no credential");
        assertThat(fixture.send("DELETE", proxy + "/a", "").body()).startsWith("DELETE /a?");
        assertThat(fixture.send("GET", proxy + "/page", "").body())
                .isEqualTo("<a href=\"" + proxy + "/next\">next</a>");
        var moved = fixture.send("GET", proxy + "/moved", "");
        assertThat(moved.statusCode()).isEqualTo(302);
        assertThat(moved.headers().firstValue("location")).contains(proxy + "/there");
    }

    private static void service(ApiServerFixture fixture, String ip, int port) throws Exception {
        var made = fixture.send("POST", SERVICES, """
                {"metadata":{"name":"web"},"spec":{"ports":[{"name":"http","port":80,"targetPort":%d}]}}""".formatted(port));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        var unready = fixture.send("GET", SERVICES + "/web:http/proxy/a", "");
        assertThat(unready.statusCode()).isIn(404, 503);
        var endpoints = fixture.send("POST", "/api/v1/namespaces/default/endpoints", """
                {"metadata":{"name":"web"},"subsets":[{"addresses":[{"ip":"%s","targetRef":{"kind":"Pod","name":"web","namespace":"default"}}],
                "ports":[{"name":"http","port":%d}]}]}""".formatted(ip, port));
        assertThat(endpoints.statusCode()).as(endpoints.body()).isEqualTo(201);
        assertThat(fixture.send("GET", SERVICES + "/web:http/proxy/a/?b", "").body())
                .startsWith("GET /a/?b ");
        assertThat(fixture.send("GET", SERVICES + "/http:web:80/proxy/x", "").body())
                .startsWith("GET /x? ");
    }

    private static void node(ApiServerFixture fixture, String ip, int port) throws Exception {
        fixture.send("POST", "/api/v1/nodes", "{\"metadata\":{\"name\":\"n\"}}");
        status(fixture, "/api/v1/nodes/n", """
                {"status":{"addresses":[{"type":"InternalIP","address":"%s"}]}}""".formatted(ip));
        var answer = fixture.send("GET", "/api/v1/nodes/http:n:" + port + "/proxy/stats", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.body()).startsWith("GET /stats? ");
    }

    private static void loopbackIsRefused(ApiServerFixture fixture, int port) throws Exception {
        makePod(fixture, "near", "127.0.0.1");
        var refused = fixture.send("GET", PODS + "/near:" + port + "/proxy/", "");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Json.tree(refused.body().getBytes(StandardCharsets.UTF_8))
                        .path("message")
                        .asText())
                .isEqualTo("address not allowed");
    }
}
