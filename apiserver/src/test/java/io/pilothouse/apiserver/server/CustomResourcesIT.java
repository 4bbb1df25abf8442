package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pilothouse.storage.EtcdConfig;
import io.pilothouse.storage.EtcdStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Custom resources as clients meet them: declared, served, changed and gone, over a real etcd. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CustomResourcesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String MERGE = "application/merge-patch+json";
    private static final String SCHEMA =
            "{'type':'object','properties':{'spec':{'type':'object','properties':{'size':{'type':'integer','maximum':9,'default':1},"
                    + "'color':{'type':'string'}}},'status':{'type':'object','properties':{'replicas':{'type':'integer'},'selector':{'type':'string'}}}}}";

    private ApiServerFixture fixture;
    private Path directory;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        this.directory = directory;
        fixture = new ApiServerFixture(directory);
    }

    @AfterAll
    void stop() throws Exception {
        fixture.close();
    }

    private static String definition(String group) {
        return ("{'apiVersion':'apiextensions.k8s.io/v1','kind':'CustomResourceDefinition','metadata':{'name':'boxes."
                        + group + "'},'spec':{'group':'" + group
                        + "','scope':'Namespaced','names':{'plural':'boxes','kind':'Box','shortNames':['bx']},'versions':[{'name':'v1','served':true,'storage':true,"
                        + "'schema':{'openAPIV3Schema':" + SCHEMA
                        + "},'selectableFields':[{'jsonPath':'.spec.color'}],'subresources':{'status':{},'scale':{"
                        + "'specReplicasPath':'.spec.size','statusReplicasPath':'.status.replicas','labelSelectorPath':'.status.selector'}},"
                        + "'additionalPrinterColumns':[{'name':'Size','type':'integer','jsonPath':'.spec.size'}]}]}}")
                .replace('\'', '"');
    }

    private JsonNode ok(String method, String path, String body, int status, String... headers) throws Exception {
        var answer = fixture.send(method, path, body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    /** Asks until the answer is as it must become; what becomes so within a second is good. */
    private JsonNode eventually(String url, String path, Predicate<HttpResponse<String>> wanted) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(10));
        var answer = fixture.sendTo(url, "GET", path, "");
        while (!wanted.test(answer)) {
            assertThat(Instant.now()).as(path + " is still " + answer.body()).isBefore(deadline);
            answer = fixture.sendTo(url, "GET", path, "");
        }
        return answer.body().startsWith("{") ? JSON.readTree(answer.body()) : JSON.nullNode();
    }

    private void declare(String group) throws Exception {
        ok("POST", DEFINITIONS, definition(group), 201);
        eventually(fixture.url(), DEFINITIONS + "/boxes." + group, a -> a.body().contains("\"InitialNamesAccepted\""));
    }

    @Test
    void servesWhatIsDeclared() throws Exception {
        declare("life.example.com");
        String path = "/apis/life.example.com/v1/namespaces/default/boxes";
        var made = fixture.send(
                "POST",
                path,
                "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"color\":\"red\",\"nosuch\":1},\"status\":{\"replicas\":5}}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(made.headers().firstValue("warning"))
                .hasValueSatisfying(w -> assertThat(w).contains("unknown field \\\"spec.nosuch\\\""));
        var object = JSON.readTree(made.body());
        assertThat(object.path("spec").toString()).isEqualTo("{\"color\":\"red\",\"size\":1}");
        assertThat(object.has("status")).isFalse();
        assertThat(object.path("metadata").path("generation").asInt()).isEqualTo(1);
        assertThat(fixture.send("PATCH", path + "/a", "{\"spec\":{\"size\":10}}", "Content-Type", MERGE)
                        .statusCode())
                .isEqualTo(422);
        assertThat(fixture.send("PATCH", path + "/a", "{}", "Content-Type", "application/strategic-merge-patch+json")
                        .statusCode())
                .isEqualTo(415);
        ok(
                "PATCH",
                path + "/a/status",
                "{\"spec\":{\"size\":7},\"status\":{\"replicas\":3,\"selector\":\"x=y\"}}",
                200,
                "Content-Type",
                MERGE);
        var scale = ok("GET", path + "/a/scale", "", 200);
        assertThat(scale.path("spec").path("replicas").asInt()).isEqualTo(1);
        assertThat(scale.path("status").toString()).isEqualTo("{\"replicas\":3,\"selector\":\"x=y\"}");
        ok("PATCH", path + "/a/scale", "{\"spec\":{\"replicas\":4}}", 200, "Content-Type", MERGE);
        assertThat(ok("GET", path + "/a", "", 200)
                        .path("metadata")
                        .path("generation")
                        .asInt())
                .isEqualTo(2);
        var table = ok("GET", path, "", 200, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        assertThat(table.path("rows").get(0).path("cells").toString()).isEqualTo("[\"a\",4]");
        assertThat(ok("GET", path + "?fieldSelector=spec.color%3Dred", "", 200).path("items"))
                .hasSize(1);
        assertThat(ok("GET", path + "?fieldSelector=spec.color%3Dblue", "", 200).path("items"))
                .isEmpty();
        assertThat(ok("GET", "/apis/life.example.com/v1", "", 200).path("resources"))
                .hasSize(3);
        assertThat(fixture.send("GET", "/openapi/v3/apis/life.example.com/v1", "")
                        .body())
                .contains("com.example.life.v1.Box");
    }

    @Test
    void storesAsUpstreamDoes() throws Exception {
        declare("stored.example.com");
        ok("POST", "/apis/stored.example.com/v1/namespaces/default/boxes", "{\"metadata\":{\"name\":\"a\"}}", 201);
        try (var etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())))) {
            var object =
                    etcd.get("/registry/stored.example.com/boxes/default/a").orElseThrow();
            assertThat(JSON.readTree(object.value()).path("apiVersion").asText())
                    .isEqualTo("stored.example.com/v1");
            var stored = etcd.get("/registry/apiextensions.k8s.io/customresourcedefinitions/boxes.stored.example.com")
                    .orElseThrow();
            var definition = JSON.readTree(stored.value());
            assertThat(definition.path("apiVersion").asText()).isEqualTo("apiextensions.k8s.io/v1beta1");
            assertThat(definition.path("spec").path("version").asText()).isEqualTo("v1");
            assertThat(definition.path("spec").path("validation").has("openAPIV3Schema"))
                    .isTrue();
            assertThat(definition
                            .path("spec")
                            .path("additionalPrinterColumns")
                            .get(0)
                            .path("JSONPath")
                            .asText())
                    .isEqualTo(".spec.size");
        }
    }

    @Test
    void isSeenByTheOtherServers() throws Exception {
        try (var other = fixture.another()) {
            String url = "https://127.0.0.1:" + other.address().getPort();
            declare("shared.example.com");
            String path = "/apis/shared.example.com/v1/namespaces/default/boxes";
            eventually(url, path, a -> a.statusCode() == 200);
            ok("POST", path, "{\"metadata\":{\"name\":\"a\"}}", 201);
            assertThat(JSON.readTree(fixture.sendTo(url, "GET", path + "/a", "").body())
                            .path("spec")
                            .isMissingNode())
                    .isTrue();
            assertThat(fixture.sendTo(url, "DELETE", DEFINITIONS + "/boxes.shared.example.com", "")
                            .statusCode())
                    .isEqualTo(200);
            eventually(fixture.url(), DEFINITIONS + "/boxes.shared.example.com", a -> a.statusCode() == 404);
            eventually(fixture.url(), path, a -> a.statusCode() == 404);
            eventually(url, path, a -> a.statusCode() == 404);
        }
    }

    @Test
    void takesItsObjectsWithIt() throws Exception {
        declare("gone.example.com");
        String path = "/apis/gone.example.com/v1/namespaces/default/boxes";
        ok("POST", path, "{\"metadata\":{\"name\":\"free\"}}", 201);
        ok("POST", path, "{\"metadata\":{\"name\":\"held\",\"finalizers\":[\"example.com/hold\"]}}", 201);
        String version = ok("GET", path, "", 200)
                .path("metadata")
                .path("resourceVersion")
                .asText();
        var request = HttpRequest.newBuilder(
                        URI.create(fixture.url() + path + "?watch=true&timeoutSeconds=30&resourceVersion=" + version))
                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                .build();
        var stream = fixture.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            ok("DELETE", DEFINITIONS + "/boxes.gone.example.com", "", 200);
            eventually(fixture.url(), path + "/free", a -> a.statusCode() == 404);
            assertThat(fixture.send("POST", path, "{\"metadata\":{\"name\":\"late\"}}")
                            .statusCode())
                    .isEqualTo(403);
            eventually(fixture.url(), path + "/held", a -> a.body().contains("deletionTimestamp"));
            ok("PATCH", path + "/held", "{\"metadata\":{\"finalizers\":null}}", 200, "Content-Type", MERGE);
            eventually(fixture.url(), DEFINITIONS + "/boxes.gone.example.com", a -> a.statusCode() == 404);
            // The watch ends with the resource, having told of all that went.
            var told = lines.lines().toList();
            assertThat(told.stream().filter(l -> l.contains("\"type\":\"DELETED\"")))
                    .hasSize(2);
        }
        eventually(fixture.url(), path, a -> a.statusCode() == 404);
    }

    private String versionOf(String path) throws Exception {
        return ok("GET", path, "", 200).at("/metadata/resourceVersion").asText();
    }

    /** What a GET shows, with no line's end. */
    private String shown(String path, String accept) throws Exception {
        var answer = fixture.client()
                .send(
                        HttpRequest.newBuilder(URI.create(fixture.url() + path))
                                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                                .header("Accept", accept)
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        return accept.contains("protobuf")
                ? new String(answer.body(), StandardCharsets.ISO_8859_1)
                : new String(answer.body(), StandardCharsets.UTF_8).stripTrailing();
    }

    /** Ten watchers of each form of two resources are told the same, of each change once and in order, and what a GET shows. */
    @Test
    void tellsAllWatchersTheSame() throws Exception {
        declare("told.example.com");
        String boxes = "/apis/told.example.com/v1/namespaces/default/boxes";
        String maps = "/api/v1/namespaces/default/configmaps";
        String metadata = ";as=PartialObjectMetadata;g=meta.k8s.io;v=";
        var forms = List.of(
                List.of(boxes, "application/json"),
                List.of(boxes, "application/json" + metadata + "v1"),
                List.of(boxes, "application/vnd.kubernetes.protobuf" + metadata + "v1"),
                List.of(maps, "application/json" + metadata + "v1beta1"),
                List.of(maps, "application/vnd.kubernetes.protobuf" + metadata + "v1"),
                List.of(maps, "application/json" + metadata + "v1"));
        var watchers = new ArrayList<List<WatchStream>>();
        for (var form : forms) {
            String query = "?allowWatchBookmarks=true&timeoutSeconds=8&resourceVersion=" + versionOf(form.getFirst());
            var same = new ArrayList<WatchStream>();
            for (int i = 0; i < 10; i++) {
                same.add(WatchStream.open(fixture, form.getFirst() + query, form.getLast()));
            }
            watchers.add(same);
        }
        var expected = new ArrayList<List<String>>();
        forms.forEach(form -> expected.add(new ArrayList<>()));
        for (String type : List.of("ADDED", "MODIFIED")) {
            for (String name : List.of("one", "two")) {
                for (String path : List.of(boxes, maps)) {
                    if (type.equals("ADDED")) {
                        ok(
                                "POST",
                                path,
                                "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{\"color\":\"red\"}}",
                                201);
                    } else {
                        String label = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}";
                        ok("PATCH", path + "/" + name, label, 200, "Content-Type", MERGE);
                    }
                }
                for (int i = 0; i < forms.size(); i++) {
                    expected.get(i)
                            .add(shown(
                                    forms.get(i).getFirst() + "/" + name,
                                    forms.get(i).getLast()));
                }
            }
        }
        for (int i = 0; i < forms.size(); i++) {
            boolean protobuf = forms.get(i).getLast().contains("protobuf");
            var told = new ArrayList<List<String>>();
            for (var watcher : watchers.get(i)) {
                var frames = watcher.frames(protobuf);
                assertThat(frames).as(forms.get(i).toString()).anyMatch(f -> f.contains("BOOKMARK"));
                told.add(frames.stream().filter(f -> !f.contains("BOOKMARK")).toList());
            }
            var first = told.getFirst();
            assertThat(told).as(forms.get(i).toString()).containsOnly(first);
            assertThat(first).hasSize(4);
            for (int j = 0; j < 4; j++) {
                String object = expected.get(i).get(j);
                String type = j < 2 ? "ADDED" : "MODIFIED";
                if (protobuf) {
                    assertThat(first.get(j)).contains(type).endsWith(object);
                } else {
                    assertThat(first.get(j)).isEqualTo("{\"type\":\"" + type + "\",\"object\":" + object + "}");
                }
            }
        }
    }

    /** Watches end with the definition under which they were begun, and go on under the next one from where they were. */
    @Test
    void endsWatchesWhenTheSchemaChanges() throws Exception {
        declare("widened.example.com");
        String path = "/apis/widened.example.com/v1/namespaces/default/boxes";
        String query = "?fieldSelector=spec.color%3Dred&timeoutSeconds=30&resourceVersion=" + versionOf(path);
        String metadata = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
        try (var whole = WatchStream.open(fixture, path + query, "application/json");
                var partial = WatchStream.open(fixture, path + query, metadata)) {
            ok("POST", path, "{\"metadata\":{\"name\":\"blue\"},\"spec\":{\"color\":\"blue\"}}", 201);
            ok("POST", path, "{\"metadata\":{\"name\":\"red\"},\"spec\":{\"color\":\"red\"}}", 201);
            String before = shown(path + "/red", "application/json");
            String patch =
                    "[{\"op\":\"add\",\"path\":\"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/mark\","
                            + "\"value\":{\"type\":\"string\",\"default\":\"new\"}}]";
            ok(
                    "PATCH",
                    DEFINITIONS + "/boxes.widened.example.com",
                    patch,
                    200,
                    "Content-Type",
                    "application/json-patch+json");
            var start = Instant.now();
            assertThat(whole.frames(false)).containsExactly("{\"type\":\"ADDED\",\"object\":" + before + "}");
            assertThat(partial.frames(false))
                    .singleElement()
                    .asString()
                    .startsWith("{\"type\":\"ADDED\",\"object\":{\"kind\":\"PartialObjectMetadata\",")
                    .contains("\"name\":\"red\"");
            assertThat(start).isAfter(Instant.now().minusSeconds(20));
        }
        eventually(fixture.url(), path + "/red", a -> a.body().contains("\"mark\":\"new\""));
        try (var again =
                WatchStream.open(fixture, path + query, "application/json").lines()) {
            assertThat(again.readLine())
                    .isEqualTo("{\"type\":\"ADDED\",\"object\":" + shown(path + "/red", "application/json") + "}");
        }
    }

    @Test
    void changesTheStorageVersion() throws Exception {
        String group = "moving.example.com";
        declare(group);
        String path = "/apis/" + group + "/v1/namespaces/default/boxes";
        ok("POST", path, "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"color\":\"red\"}}", 201);
        var versions = ("{'spec':{'versions':[{'name':'v1','served':true,'storage':false,'schema':{'openAPIV3Schema':"
                        + SCHEMA
                        + "}},{'name':'v2','served':true,'storage':true,'schema':{'openAPIV3Schema':"
                        + SCHEMA.replace("'color'", "'paint':{'type':'string','default':'dry'},'color'")
                        + "}}]}}")
                .replace('\'', '"');
        var changed = ok("PATCH", DEFINITIONS + "/boxes." + group, versions, 200, "Content-Type", MERGE);
        assertThat(changed.path("status").path("storedVersions").toString()).isEqualTo("[\"v1\",\"v2\"]");
        eventually(fixture.url(), path.replace("v1", "v2") + "/a", a -> a.body().contains("moving.example.com/v2"));
        // What was stored as v1 has v1's defaults; written again it lies there as v2, though nothing else changed.
        var object = ok("GET", path + "/a", "", 200);
        ok("PUT", path + "/a", object.toString(), 200);
        try (var etcd = EtcdStore.connect(EtcdConfig.of(List.of(fixture.etcd())))) {
            var stored = JSON.readTree(etcd.get("/registry/" + group + "/boxes/default/a")
                    .orElseThrow()
                    .value());
            assertThat(stored.path("apiVersion").asText()).isEqualTo(group + "/v2");
        }
        assertThat(ok("GET", path.replace("v1", "v2") + "/a", "", 200)
                        .path("spec")
                        .path("paint")
                        .asText())
                .isEqualTo("dry");
        assertThat(ok("GET", path + "/a", "", 200).path("spec").has("paint")).isFalse();
        var dropped = ok(
                "PATCH",
                DEFINITIONS + "/boxes." + group + "/status",
                "{\"status\":{\"storedVersions\":[\"v2\"]}}",
                200,
                "Content-Type",
                MERGE);
        assertThat(dropped.path("status").path("storedVersions").toString()).isEqualTo("[\"v2\"]");
    }

    @Test
    void runsRules() throws Exception {
        String rule =
                "'x-kubernetes-validations':[{'rule':'self.size < 5 || self.color == \\\"red\\\"','message':'big ones are red'}],'properties':{'size'"
                        .replace('\'', '"');
        ok("POST", DEFINITIONS, definition("ruled.example.com").replace("\"properties\":{\"size\"", rule), 201);
        eventually(
                fixture.url(),
                DEFINITIONS + "/boxes.ruled.example.com",
                a -> a.body().contains("\"InitialNamesAccepted\""));
        String path = "/apis/ruled.example.com/v1/namespaces/default/boxes";
        var broken =
                fixture.send("POST", path, "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"size\":7,\"color\":\"blue\"}}");
        assertThat(broken.statusCode()).isEqualTo(422);
        assertThat(broken.body()).contains("big ones are red");
        ok("POST", path, "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"size\":7,\"color\":\"red\"}}", 201);
    }

    @Test
    void refusesWhatItCannotServe() throws Exception {
        var typeless = fixture.send(
                "POST",
                DEFINITIONS,
                definition("bad.example.com").replace("\"type\":\"integer\",\"maximum\"", "\"maximum\""));
        assertThat(typeless.statusCode()).isEqualTo(422);
        assertThat(typeless.body())
                .contains("spec.validation.openAPIV3Schema.properties[spec].properties[size].type: Required value");
    }

    @Test
    void servesKubectl() throws Exception {
        Path kubectl = Path.of("/usr/bin/kubectl");
        if (!Files.isExecutable(kubectl)) {
            System.out.println("skipped: there is no kubectl");
            Assumptions.abort("no kubectl");
        }
        Files.writeString(directory.resolve("kubeconfig"), "");
        Path definition = Files.writeString(directory.resolve("definition.json"), definition("kubectl.example.com"));
        Path object = Files.writeString(
                directory.resolve("object.json"),
                "{\"apiVersion\":\"kubectl.example.com/v1\",\"kind\":\"Box\",\"metadata\":{\"name\":\"k\"},\"spec\":{\"color\":\"red\"}}");
        run(kubectl, "apply", "-f", definition.toString());
        run(kubectl, "wait", "--for", "condition=established", "crd/boxes.kubectl.example.com", "--timeout=10s");
        assertThat(run(kubectl, "apply", "-f", object.toString())).contains("created");
        assertThat(run(kubectl, "apply", "-f", object.toString())).contains("unchanged");
        assertThat(run(kubectl, "get", "bx")).contains("SIZE");
        assertThat(run(kubectl, "explain", "bx.spec")).contains("color\t<string>");
        run(kubectl, "scale", "bx/k", "--replicas=6");
        assertThat(run(kubectl, "get", "bx", "k", "-o", "jsonpath={.spec.size}"))
                .isEqualTo("6");
        run(kubectl, "delete", "crd", "boxes.kubectl.example.com", "--timeout=20s");
    }

    private String run(Path kubectl, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(
                kubectl.toString(),
                "--server",
                fixture.url(),
                "--token",
                ApiServerFixture.TOKEN,
                "--insecure-skip-tls-verify",
                "--kubeconfig",
                directory.resolve("kubeconfig").toString(),
                "--cache-dir",
                directory.resolve("cache").toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(directory, "kubectl", ".txt");
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(String.join(" ", arguments) + ": " + Files.readString(output))
                .isZero();
        return Files.readString(output);
    }
}
