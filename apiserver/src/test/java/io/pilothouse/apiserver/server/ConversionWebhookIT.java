package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.HttpServer;
import io.pilothouse.http.HttpServerConfig;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A custom resource whose versions a real webhook over TLS converts. */
class ConversionWebhookIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final int BODY_LIMIT = 1 << 20;

    @TempDir
    Path directory;

    /** Until then the object named slow is not converted. */
    private final CountDownLatch released = new CountDownLatch(1);

    private final AtomicInteger calls = new AtomicInteger();

    private void answer(Exchange exchange) throws IOException, InterruptedException {
        calls.incrementAndGet();
        var review = (ObjectNode) JSON.readTree(exchange.body(BODY_LIMIT));
        if (review.at("/request/objects/0/metadata/name").asText().equals("slow")) {
            released.await();
        }
        convert(exchange, review);
    }

    /** v1 says size where v2 says length. */
    private static void convert(Exchange exchange, ObjectNode review) throws IOException {
        var request = review.path("request");
        String wanted = request.path("desiredAPIVersion").asText();
        var response = JSON.createObjectNode();
        response.set("uid", request.path("uid"));
        if (request.path("objects")
                .get(0)
                .path("metadata")
                .path("name")
                .asText()
                .equals("broken")) {
            response.putObject("result").put("status", "Failure").put("message", "no luck");
        } else {
            response.putObject("result").put("status", "Success");
        }
        var converted = response.putArray("convertedObjects");
        for (JsonNode object : request.path("objects")) {
            var copy = (ObjectNode) object.deepCopy();
            copy.put("apiVersion", wanted);
            var spec = (ObjectNode) copy.path("spec");
            String from = wanted.endsWith("/v2") ? "size" : "length";
            if (spec.has(from)) {
                spec.set(from.equals("size") ? "length" : "size", spec.remove(from));
            }
            converted.add(copy);
        }
        review.remove("request");
        review.set("response", response);
        exchange.respond(200, Headers.of("content-type", "application/json"), JSON.writeValueAsBytes(review));
    }

    private static String definition(String url, String authority) {
        String version =
                "{'name':'%s','served':true,'storage':%s,'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':'object','properties':{"
                        + "'%s':{'type':'integer'}}}}}}}";
        return ("{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'rods.hook.example.com'},'spec':{'group':"
                        + "'hook.example.com','scope':'Namespaced','names':{'plural':'rods','kind':'Rod'},'conversion':{'strategy':'Webhook','webhook':{"
                        + "'conversionReviewVersions':['v1'],'clientConfig':{'url':'" + url + "','caBundle':'"
                        + authority + "'}}},'versions':["
                        + version.formatted("v1", "true", "size") + "," + version.formatted("v2", "false", "length")
                        + "]}}")
                .replace('\'', '"');
    }

    @Test
    void convertsOnTheWayInAndOut() throws Exception {
        var options = new ApiServerOptions();
        options.bindAddress = "127.0.0.1";
        options.certDir = directory.resolve("hook");
        var tls = ServingCertificate.load(options, Clock.systemUTC());
        String pem = Files.readString(directory.resolve("hook/apiserver.crt"));
        try (var hook = HttpServer.start(
                        HttpServerConfig.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                                .withTls(tls),
                        this::answer);
                var fixture = new ApiServerFixture(directory)) {
            String url = "https://localhost:" + hook.address().getPort() + "/convert";
            var made = fixture.send(
                    "POST",
                    DEFINITIONS,
                    definition(url, Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.UTF_8))));
            assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
            String v1 = "/apis/hook.example.com/v1/namespaces/default/rods";
            String v2 = v1.replace("v1", "v2");
            var deadline = Instant.now().plus(Duration.ofSeconds(10));
            while (fixture.send("GET", v2, "").statusCode() != 200) {
                assertThat(Instant.now()).isBefore(deadline);
            }
            var rod = fixture.send("POST", v2, "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"length\":4}}");
            assertThat(rod.statusCode()).as(rod.body()).isEqualTo(201);
            assertThat(JSON.readTree(rod.body()).path("spec").toString()).isEqualTo("{\"length\":4}");
            assertThat(JSON.readTree(fixture.send("GET", v1 + "/a", "").body())
                            .path("spec")
                            .toString())
                    .isEqualTo("{\"size\":4}");
            var patched = fixture.send(
                    "PATCH", v2 + "/a", "{\"spec\":{\"length\":5}}", "Content-Type", "application/merge-patch+json");
            assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
            try (var etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())))) {
                var stored = JSON.readTree(etcd.get("/registry/hook.example.com/rods/default/a")
                        .orElseThrow()
                        .value());
                assertThat(stored.path("apiVersion").asText()).isEqualTo("hook.example.com/v1");
                assertThat(stored.path("spec").toString()).isEqualTo("{\"size\":5}");
            }
            fixture.send("POST", v1, "{\"metadata\":{\"name\":\"broken\"},\"spec\":{\"size\":1}}");
            var failed = fixture.send("GET", v2 + "/broken", "");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).contains("conversion webhook for hook.example.com/v1, Kind=Rod failed: no luck");
            holdsNobodyElseUp(fixture, v1, v2);
            endsWatchesThatWereBegunWithoutIt(fixture, v1, v2);
        }
    }

    private static String from(ApiServerFixture fixture, String path) throws Exception {
        return path + "?timeoutSeconds=30&resourceVersion="
                + JSON.readTree(fixture.send("GET", path, "").body())
                        .at("/metadata/resourceVersion")
                        .asText();
    }

    /** A watch that waits for the webhook is alone in waiting. */
    private void holdsNobodyElseUp(ApiServerFixture fixture, String v1, String v2) throws Exception {
        String maps = "/api/v1/namespaces/default/configmaps";
        fixture.send("DELETE", v1 + "/broken", "");
        try (var converted = WatchStream.open(fixture, from(fixture, v2), "application/json")
                        .lines();
                var others = WatchStream.open(fixture, from(fixture, maps), "application/json")
                        .lines()) {
            int before = calls.get();
            fixture.send("POST", v1, "{\"metadata\":{\"name\":\"slow\"},\"spec\":{\"size\":6}}");
            var deadline = Instant.now().plus(Duration.ofSeconds(10));
            while (calls.get() == before) {
                assertThat(Instant.now()).isBefore(deadline);
                Thread.onSpinWait();
            }
            fixture.send("POST", maps, "{\"metadata\":{\"name\":\"quick\"}}");
            assertThat(others.readLine()).contains("\"name\":\"quick\"");
            released.countDown();
            assertThat(converted.readLine()).contains("\"name\":\"slow\"").contains("\"spec\":{\"length\":6}");
        }
    }

    private static void convertBy(ApiServerFixture fixture, String conversion) throws Exception {
        var changed = fixture.send(
                "PATCH",
                DEFINITIONS + "/rods.hook.example.com",
                "{\"spec\":{\"conversion\":" + conversion + "}}",
                "Content-Type",
                "application/merge-patch+json");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
    }

    /** Such a watch never asks the webhook: it ends when there is one, and the next one does. */
    private void endsWatchesThatWereBegunWithoutIt(ApiServerFixture fixture, String v1, String v2) throws Exception {
        String webhook = JSON.readTree(fixture.send("GET", DEFINITIONS + "/rods.hook.example.com", "")
                        .body())
                .at("/spec/conversion")
                .toString();
        String watched;
        try (var begun = WatchStream.open(fixture, from(fixture, v2), "application/json")) {
            convertBy(fixture, "{\"strategy\":\"None\",\"webhook\":null}");
            begun.frames(false);
            watched = from(fixture, v2);
        }
        int before = calls.get();
        try (var begun = WatchStream.open(fixture, watched, "application/json")) {
            fixture.send("POST", v1, "{\"metadata\":{\"name\":\"late\"},\"spec\":{\"size\":7}}");
            convertBy(fixture, webhook);
            assertThat(begun.frames(false))
                    .singleElement()
                    .asString()
                    .contains("\"name\":\"late\"")
                    .doesNotContain("\"length\"");
        }
        assertThat(calls).hasValue(before);
        try (var next = WatchStream.open(fixture, watched, "application/json").lines()) {
            assertThat(next.readLine()).contains("\"name\":\"late\"").contains("\"spec\":{\"length\":7}");
        }
        assertThat(calls).hasValueGreaterThan(before);
    }
}
