package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.machinery.codec.JsonIndent;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.StringJoiner;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The server as a client meets it, over a real etcd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiServerIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ApiServerFixture fixture;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        fixture = new ApiServerFixture(directory);
    }

    @AfterAll
    void stop() throws Exception {
        fixture.close();
    }

    private JsonNode ok(String method, String path, String body, int status, String... headers) throws Exception {
        var answer = fixture.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    @Test
    void fillsAnEmptyCluster() throws Exception {
        assertThat(ok("GET", "/api/v1/namespaces/kube-system", "", 200)
                        .path("status")
                        .path("phase")
                        .asText())
                .isEqualTo("Active");
        assertThat(ok("GET", "/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin", "", 200)
                        .path("rules"))
                .hasSize(2);
        assertThat(ok("GET", "/api/v1/namespaces/default/services/kubernetes", "", 200)
                        .path("spec")
                        .path("clusterIP")
                        .asText())
                .isEqualTo("10.96.0.1");
    }

    @Test
    void tellsThatARevisionIsGoneAndHowToGoOn() throws Exception {
        String path = "/api/v1/namespaces/kube-system/configmaps";
        assertThat(ok("GET", path + "?resourceVersion=1&resourceVersionMatch=Exact", "", 410)
                        .path("message")
                        .asText())
                .isEqualTo("The resourceVersion for the provided list is too old.");
        // A token of revision 1, from before etcd's history was compacted.
        String token = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhXHUwMDAwIn0";
        var expired = ok("GET", path + "?continue=" + token, "", 410);
        ok("GET", path + "?continue=" + expired.at("/metadata/continue").asText(), "", 200);
    }

    @Test
    void makesNoObjectForWhoMayOnlyChangeThem() throws Exception {
        String roles = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/";
        ok(
                "POST",
                roles + "roles",
                "{\"metadata\":{\"name\":\"changes-leases\"},\"rules\":[{\"apiGroups\":[\"coordination.k8s.io\"],"
                        + "\"resources\":[\"leases\"],\"verbs\":[\"update\",\"patch\"]}]}",
                201);
        ok(
                "POST",
                roles + "rolebindings",
                "{\"metadata\":{\"name\":\"bob\"},\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\","
                        + "\"name\":\"bob\"}],\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\","
                        + "\"name\":\"changes-leases\"}}",
                201);
        String lease = "/apis/coordination.k8s.io/v1/namespaces/default/leases/new";
        String body = "{\"metadata\":{\"name\":\"new\"}}";
        String applied =
                "{\"apiVersion\":\"coordination.k8s.io/v1\",\"kind\":\"Lease\",\"metadata\":{\"name\":\"new\"}}";
        String[] bob = {"Authorization", "Bearer plain-token", "Content-Type", "application/json"};
        ok("PUT", lease, body, 403, bob);
        bob[3] = "application/apply-patch+yaml";
        ok("PATCH", lease + "?fieldManager=m", applied, 403, bob);
        ok("PUT", lease, body, 201);
        bob[3] = "application/json";
        ok("PUT", lease, body.replace("}}", ",\"labels\":{\"a\":\"b\"}}}"), 422, bob);
    }

    @Test
    void keepsAnObjectThroughItsLife() throws Exception {
        String path = "/api/v1/namespaces/default/configmaps";
        var made = ok("POST", path, "{\"metadata\":{\"name\":\"life\"},\"data\":{\"k\":\"v\"}}", 201);
        assertThat(made.path("metadata")
                        .path("managedFields")
                        .get(0)
                        .path("fieldsV1")
                        .path("f:data")
                        .has("f:k"))
                .isTrue();
        var patched = ok(
                "PATCH",
                path + "/life",
                "{\"data\":{\"l\":\"w\"}}",
                200,
                "Content-Type",
                "application/merge-patch+json");
        assertThat(patched.path("data").path("l").asText()).isEqualTo("w");
        var stale = fixture.send("PUT", path + "/life", made.toString());
        assertThat(stale.statusCode()).isEqualTo(409);
        var same = ok("PUT", path + "/life", patched.toString(), 200);
        assertThat(same.path("metadata").path("resourceVersion"))
                .isEqualTo(patched.path("metadata").path("resourceVersion"));
        assertThat(ok("DELETE", path + "/life", "", 200).path("status").asText())
                .isEqualTo("Success");
        assertThat(fixture.send("GET", path + "/life", "").statusCode()).isEqualTo(404);
    }

    /** What is no change to what the cache has may be one to what etcd has by now: it must not pass for done. */
    @Test
    void doesNotTakeAStaleStateForNoChange() throws Exception {
        var done = new AtomicBoolean();
        try (var other = fixture.another();
                var load = Executors.newVirtualThreadPerTaskExecutor()) {
            try {
                for (int i = 0; i < 12; i++) {
                    load.execute(() -> keepTheWatchBusy(done));
                }
                writeWithStaleStates("https://127.0.0.1:" + other.address().getPort());
            } finally {
                done.set(true);
            }
        }
    }

    private void keepTheWatchBusy(AtomicBoolean done) {
        String body = "{\"metadata\":{\"generateName\":\"load-\"},\"data\":{\"k\":\"" + "x".repeat(20_000) + "\"}}";
        while (!done.get()) {
            try {
                fixture.sendTo(fixture.url(), "POST", "/api/v1/namespaces/kube-node-lease/configmaps", body);
            } catch (IOException | InterruptedException e) {
                return;
            }
        }
    }

    private void writeWithStaleStates(String other) throws Exception {
        String path = "/api/v1/namespaces/default/configmaps";
        var before = ok("POST", path, "{\"metadata\":{\"name\":\"stale\"},\"data\":{\"k\":\"0\"}}", 201);
        for (int i = 1; i <= 60; i++) {
            var after = fixture.sendTo(
                    other,
                    "PATCH",
                    path + "/stale",
                    "{\"data\":{\"k\":\"" + i + "\"}}",
                    "Content-Type",
                    "application/merge-patch+json");
            assertThat(after.statusCode()).isEqualTo(200);
            assertThat(fixture.send("PUT", path + "/stale", before.toString()).statusCode())
                    .as("round " + i)
                    .isEqualTo(409);
            before = JSON.readTree(after.body());
        }
    }

    @Test
    void appliesWithConflicts() throws Exception {
        String path = "/api/v1/namespaces/default/configmaps/applied";
        String apply = "application/apply-patch+yaml";
        ok(
                "PATCH",
                path + "?fieldManager=one",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {k: one}\n",
                201,
                "Content-Type",
                apply);
        var conflict = fixture.send(
                "PATCH",
                path + "?fieldManager=two",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {k: two}\n",
                "Content-Type",
                apply);
        assertThat(conflict.statusCode()).isEqualTo(409);
        assertThat(conflict.body()).contains("conflict with \\\"one\\\"");
        var forced = ok(
                "PATCH",
                path + "?fieldManager=two&force=true",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {k: two}\n",
                200,
                "Content-Type",
                apply);
        assertThat(forced.path("data").path("k").asText()).isEqualTo("two");
    }

    @Test
    void watchesFromTheListOn() throws Exception {
        String path = "/api/v1/namespaces/kube-public/configmaps";
        String version = ok("GET", path, "", 200)
                .path("metadata")
                .path("resourceVersion")
                .asText();
        var request = HttpRequest.newBuilder(
                        URI.create(fixture.url() + path + "?watch=true&timeoutSeconds=20&resourceVersion=" + version))
                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                .build();
        var stream = fixture.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            ok("POST", path, "{\"metadata\":{\"name\":\"seen\",\"labels\":{\"a\":\"b\"}}}", 201);
            ok("DELETE", path + "/seen", "", 200);
            var added = JSON.readTree(lines.readLine());
            var deleted = JSON.readTree(lines.readLine());
            assertThat(added.path("type").asText()).isEqualTo("ADDED");
            assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
            assertThat(deleted.path("object")
                            .path("metadata")
                            .path("resourceVersion")
                            .asLong())
                    .isGreaterThan(added.path("object")
                            .path("metadata")
                            .path("resourceVersion")
                            .asLong());
        }
    }

    @Test
    void refusesWhoHasNoRight() throws Exception {
        var request = HttpRequest.newBuilder(URI.create(fixture.url() + "/api/v1/namespaces/default/secrets"));
        var denied = fixture.client()
                .send(
                        request.header("Authorization", "Bearer plain-token").build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(denied.body()).contains("User \\\"bob\\\" cannot list resource \\\"secrets\\\"");
        var unknown = fixture.client()
                .send(
                        HttpRequest.newBuilder(URI.create(fixture.url() + "/api"))
                                .header("Authorization", "Bearer wrong")
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(unknown.statusCode()).isEqualTo(401);
    }

    @Test
    void givesServiceAccountsTokens() throws Exception {
        ok("POST", "/api/v1/namespaces/kube-system/serviceaccounts", "{\"metadata\":{\"name\":\"robot\"}}", 201);
        var token = ok("POST", "/api/v1/namespaces/kube-system/serviceaccounts/robot/token", "{\"spec\":{}}", 201)
                .path("status")
                .path("token")
                .asText();
        var who = fixture.client()
                .send(
                        HttpRequest.newBuilder(
                                        URI.create(fixture.url() + "/apis/authentication.k8s.io/v1/selfsubjectreviews"))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(who.body()).contains("system:serviceaccount:kube-system:robot");
    }

    /** Twenty maps of 60 KiB: what is sent as it is made is the same text, with gzip too. */
    @Test
    void indentsAListThatIsLarge() throws Exception {
        String path = "/api/v1/namespaces/kube-node-lease/configmaps";
        var data = new StringJoiner(",", "{", "}");
        for (int i = 0; i < 2_000; i++) {
            data.add("\"key-" + i + "\":\"a \\\"value\\\" of " + i + "\"");
        }
        for (int i = 0; i < 20; i++) {
            ok("POST", path, "{\"metadata\":{\"name\":\"large-" + i + "\"},\"data\":" + data + "}", 201);
        }
        String list = path + "?resourceVersion="
                + ok("GET", path, "", 200).at("/metadata/resourceVersion").asText() + "&resourceVersionMatch=Exact";
        var plain = fixture.send("GET", list, "");
        byte[] expected = JsonIndent.of(plain.body().getBytes(StandardCharsets.UTF_8));

        assertThat(raw(list + "&pretty=true", "identity").body()).isEqualTo(expected);
        var zipped = raw(list + "&pretty=true", "gzip");
        assertThat(zipped.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes())
                .isEqualTo(expected);
    }

    private HttpResponse<byte[]> raw(String path, String encoding) throws Exception {
        return fixture.client()
                .send(
                        HttpRequest.newBuilder(URI.create(fixture.url() + path))
                                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                                .header("Accept-Encoding", encoding)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }
}
